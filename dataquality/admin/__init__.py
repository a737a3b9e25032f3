"""Data stewards' tables in the admin site: to be read, and set where a setting exists; the CRM's rows only read."""

from dataquality.admin import judging, reading
from dataquality.admin.shapes import MirroredAdmin, ReadOnly, Uncounted

__all__ = ["MirroredAdmin", "ReadOnly", "Uncounted", "judging", "reading"]
