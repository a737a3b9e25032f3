"""What `manage.py up` is made of: one launcher at a time, its children, and the first start."""
