"""What may change about data quality, under which rule, in one transaction."""
