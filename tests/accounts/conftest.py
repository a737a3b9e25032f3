"""What tests of accounts share: their moment."""

from tests.dataquality.conftest import now

__all__ = ["now"]
