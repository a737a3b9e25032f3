"""The top of the pyramid: accounts, opportunities, cases, activities, products."""
