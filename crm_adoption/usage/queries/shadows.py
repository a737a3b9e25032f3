"""Shadow systems that live, and what their last X-ray showed."""

from __future__ import annotations

from django.db.models import F, OuterRef, QuerySet, Subquery

from crm_adoption.usage.models import ShadowSystem, XRay


def shadows() -> QuerySet[ShadowSystem]:
    """Every shadow system with `seen_rows` and `seen_found` of its newest X-ray, and `seen_unknown`."""
    newest = XRay.objects.filter(shadow=OuterRef("pk")).order_by("-taken_at", "-pk")
    return ShadowSystem.objects.select_related("team", "owner").annotate(
        seen_rows=Subquery(newest.values("rows")[:1]), seen_found=Subquery(newest.values("found")[:1]),
        seen_at=Subquery(newest.values("taken_at")[:1]),
    ).annotate(seen_unknown=F("seen_rows") - F("seen_found"))  # fmt: skip


def living() -> int | None:
    """How many live; unknown while nobody has looked for any."""
    return ShadowSystem.objects.alive().count() if ShadowSystem.objects.exists() else None
