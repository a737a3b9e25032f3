"""What pages, the API and the floor above want to know about use."""

from crm_adoption.usage.queries.adoption import (
    Adoption,
    GroupAdoption,
    Standing,
    adoption,
    own_adoption,
    use_cases_done,
)
from crm_adoption.usage.queries.channels import Channels, RoleChannels, channels
from crm_adoption.usage.queries.decay import (
    Decay,
    Survival,
    abandonment,
    decayed,
    decays,
    use_by_week,
    weeks,
)
from crm_adoption.usage.queries.effort import (
    Book,
    ReleaseBalance,
    RoleBalance,
    balance_of,
    balances,
    book,
    own_hours_saved,
)
from crm_adoption.usage.queries.returns import GainOrCost, Return, returns
from crm_adoption.usage.queries.shadows import living, shadows
from crm_adoption.usage.queries.use import CapabilityUse, Part, Utilisation, known_until, user_days, utilisation
from crm_adoption.usage.queries.use_cases import (
    CaseState,
    RoleCases,
    Voices,
    feels_by_month,
    own_cases,
    own_opinions,
    reciprocity,
    roles_with_cases,
)

__all__ = [
    "Adoption",
    "Book",
    "CapabilityUse",
    "CaseState",
    "Channels",
    "Decay",
    "GainOrCost",
    "GroupAdoption",
    "Part",
    "ReleaseBalance",
    "Return",
    "RoleBalance",
    "RoleCases",
    "RoleChannels",
    "Standing",
    "Survival",
    "Utilisation",
    "Voices",
    "abandonment",
    "adoption",
    "balance_of",
    "balances",
    "book",
    "channels",
    "decayed",
    "decays",
    "feels_by_month",
    "known_until",
    "living",
    "own_adoption",
    "own_cases",
    "own_hours_saved",
    "own_opinions",
    "reciprocity",
    "returns",
    "roles_with_cases",
    "shadows",
    "use_by_week",
    "use_cases_done",
    "user_days",
    "utilisation",
    "weeks",
]
