"""A shadow system from being found to being retired."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm_adoption.kit import words
from crm_adoption.kit.errors import Refusal
from crm_adoption.usage.models import ShadowSystem
from crm_adoption.usage.services.x_rays import forget_keys
from dataquality import subjects

State = ShadowSystem.State


def save_shadow(shadow: ShadowSystem) -> ShadowSystem:
    """Keep what is known of it; one that is understood says why it exists."""
    if shadow.table:
        shadow.table = subjects.get(shadow.table).slug
    if shadow.state != State.FOUND and not shadow.why.strip():
        raise Refusal(_("Say why “%(name)s” exists: what it does that the CRM does not.") % {"name": shadow})
    if shadow.state == State.RETIRED and shadow.retired_on is None:
        raise Refusal(_("“%(name)s” is retired on its own page, where its last X-ray is looked at.") % {"name": shadow})
    if shadow.state != State.RETIRED:
        shadow.retired_on = None
    shadow.save()
    return shadow


@transaction.atomic
def retire_shadow(shadow: ShadowSystem, *, because: str, on: date) -> ShadowSystem:
    """It lives no more. Refused without a word while its last X-ray shows rows the CRM lacks, or newer edits."""
    shadow = ShadowSystem.objects.select_for_update().get(pk=shadow.pk)
    if shadow.state == State.RETIRED:
        raise Refusal(_("“%(name)s” was retired on %(day)s.")
                      % {"name": shadow, "day": words.exact(shadow.retired_on or on)})  # fmt: skip
    last = shadow.x_rays.order_by("-taken_at", "-pk").first()
    if not because.strip():
        if last is None:
            raise Refusal(_("No sheet of “%(name)s” was held against the CRM; do that, or say what shows that it is "
                            "used no more.") % {"name": shadow}, code="not_seen")  # fmt: skip
        if last.unknown:
            sentence = ngettext(
                "%(n)s row of “%(name)s” is unknown to the CRM; import it and look again, or say why it is not needed.",
                "%(n)s rows of “%(name)s” are unknown to the CRM; import them and look again, or say why they are not "
                "needed.",
                last.unknown,
            )
            raise Refusal(sentence % {"n": last.unknown, "name": shadow}, code="unknown")
        if last.is_fresher:
            raise Refusal(_("“%(name)s” was edited after the CRM's copy; look again when it is not, or say why that "
                            "does not matter.") % {"name": shadow}, code="fresher")  # fmt: skip
    shadow.state, shadow.retired_on = State.RETIRED, on
    shadow.why = shadow.why or because.strip()
    shadow.retired_because = because.strip()
    if not shadow.why:
        raise Refusal(_("Say why “%(name)s” existed, so that it does not come back.") % {"name": shadow})
    shadow.save()
    forget_keys(shadow)
    return shadow
