"""Pages of duplicates: looking for them, judging them, merging them."""
