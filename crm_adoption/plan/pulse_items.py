"""The sentences a pulse asks about, one or two an ingredient; people agree from 1 to 5.

`leaders-use-it` is the pulse of ingredient 2 (model.md 3.3), `crm-is-for-me` that of trust (T28).
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ITEMS = (
    ("know-why", "scope-vision", _("I know what our CRM is for, and what comes next.")),
    ("leaders-use-it", "executive-leadership", _("Our leaders work with the CRM themselves.")),
    ("helped-fast", "ownership-support", _("When something in the CRM does not work, somebody helps me soon.")),
    ("heard", "communication", _("What I say about the CRM is heard and answered.")),
    ("easy-to-reach", "accessibility", _("I reach the CRM easily from wherever I work.")),
    ("works", "system-function", _("The CRM is fast and works without errors.")),
    ("trust-data", "data-quality", _("I can rely on what stands in the CRM.")),
    ("fits-work", "process-alignment", _("The CRM fits the way we work today.")),
    ("crm-is-for-me", "end-user-motivation", _("The CRM is there for me, not only to measure me.")),
    ("gain", "end-user-motivation", _("The CRM gives me more than it takes.")),
    ("know-how", "training-reinforcement", _("I was shown how my work is done with the CRM.")),
)
