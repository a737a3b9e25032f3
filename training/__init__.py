"""Processes, courses, sessions and completions."""
