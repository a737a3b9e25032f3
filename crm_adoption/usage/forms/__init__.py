"""How a wish about use is made safe."""

from crm_adoption.usage.forms.capabilities import CapabilityForm, UsageFileForm
from crm_adoption.usage.forms.ledgers import EntryForm, LedgerLineForm, ReleaseForm
from crm_adoption.usage.forms.shadows import RetireForm, ShadowForm, XRayForm
from crm_adoption.usage.forms.use_cases import OpinionForm, UseCaseForm

__all__ = [
    "CapabilityForm",
    "EntryForm",
    "LedgerLineForm",
    "OpinionForm",
    "ReleaseForm",
    "RetireForm",
    "ShadowForm",
    "UsageFileForm",
    "UseCaseForm",
    "XRayForm",
]
