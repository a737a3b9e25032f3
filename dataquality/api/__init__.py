"""Imports, scores, findings, gates and records as integrations see them."""
