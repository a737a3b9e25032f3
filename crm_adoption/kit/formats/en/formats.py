"""English as in letters here: 17 December 2026."""

DATE_FORMAT = "j F Y"
