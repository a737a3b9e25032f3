"""Use over the API."""
