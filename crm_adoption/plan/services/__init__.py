"""What may change in the plan."""

from crm_adoption.plan.services.plan import make_claim, seed, take_readings

__all__ = ["make_claim", "seed", "take_readings"]
