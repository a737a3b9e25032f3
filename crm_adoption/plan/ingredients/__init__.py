"""The ten ingredients of adoption: one file each, of one shape."""

from crm_adoption.plan.ingredients import (
    accessibility,
    communication,
    data_quality,
    end_user_motivation,
    executive_leadership,
    ownership_support,
    process_alignment,
    scope_vision,
    system_function,
    training_reinforcement,
)
from crm_adoption.plan.ingredients.base import Check, Declared, Measured, Unit

TEN: tuple[Declared, ...] = (
    scope_vision.INGREDIENT,
    executive_leadership.INGREDIENT,
    ownership_support.INGREDIENT,
    communication.INGREDIENT,
    accessibility.INGREDIENT,
    system_function.INGREDIENT,
    data_quality.INGREDIENT,
    process_alignment.INGREDIENT,
    end_user_motivation.INGREDIENT,
    training_reinforcement.INGREDIENT,
)
BY_SLUG = {declared.slug: declared for declared in TEN}
CHECKS = {check.slug: check for declared in TEN for check in declared.checks}
INGREDIENT_OF = {check.slug: declared.slug for declared in TEN for check in declared.checks}

__all__ = ["BY_SLUG", "CHECKS", "INGREDIENT_OF", "TEN", "Check", "Declared", "Measured", "Unit"]
