"""What the CRM is used for, by whom, where else people keep what belongs in it, and what that is worth."""

from crm_adoption.usage.models.capabilities import Capability, ChannelDay, UsageDay, UsageImport, Via
from crm_adoption.usage.models.effort import EffortEntry, EffortRelease
from crm_adoption.usage.models.returns import LedgerLine
from crm_adoption.usage.models.settings import UsageSetting
from crm_adoption.usage.models.shadows import ShadowSystem, XRay
from crm_adoption.usage.models.use_cases import Dimension, Element, Opinion, UseCase

__all__ = [
    "Capability",
    "ChannelDay",
    "Dimension",
    "EffortEntry",
    "EffortRelease",
    "Element",
    "LedgerLine",
    "Opinion",
    "ShadowSystem",
    "UsageDay",
    "UsageImport",
    "UsageSetting",
    "UseCase",
    "Via",
    "XRay",
]
