"""What may change about accounts: the people whom a user list brings, and what is known of agreement."""

from accounts.services.agreement import compare_sources, set_agreement
from accounts.services.people import settle_people

__all__ = ["compare_sources", "set_agreement", "settle_people"]
