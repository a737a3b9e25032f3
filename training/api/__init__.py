"""Training over the API."""
