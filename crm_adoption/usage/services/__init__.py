"""What may change about use."""

from crm_adoption.usage.services.capabilities import retire_capability, save_capability, seed
from crm_adoption.usage.services.effort import remove_entry, save_entry, save_release, settle_release
from crm_adoption.usage.services.files import import_use
from crm_adoption.usage.services.returns import save_line
from crm_adoption.usage.services.shadows import retire_shadow, save_shadow
from crm_adoption.usage.services.use_cases import save_use_case, say_opinion
from crm_adoption.usage.services.using import Use, derive_use, record_use
from crm_adoption.usage.services.x_rays import forget_keys, look_again, take_x_ray

__all__ = [
    "Use",
    "derive_use",
    "forget_keys",
    "import_use",
    "look_again",
    "record_use",
    "remove_entry",
    "retire_capability",
    "retire_shadow",
    "save_capability",
    "save_entry",
    "save_line",
    "save_release",
    "save_shadow",
    "save_use_case",
    "say_opinion",
    "seed",
    "settle_release",
    "take_x_ray",
]
