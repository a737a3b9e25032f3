"""A table of the plan as three pages of one shape."""

from __future__ import annotations

from dataclasses import dataclass

from crm_adoption.kit.pages import registers


@dataclass(frozen=True)
class Register(registers.Register):
    """The list, a new row, one row changed, in the plan's templates."""

    template: str = "plan/register.html"
    edit_template: str = "plan/edit.html"
