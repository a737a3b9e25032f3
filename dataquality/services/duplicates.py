"""Count the duplicates that people confirmed as what they are, wrong records, and score their table."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Count, Max, Sum
from psycopg2 import sql

from dataquality.models import Finding, Pair, RuleRow, Source
from dataquality.rules import active_rules, confirmed_slug
from dataquality.services.findings import EVERY_RECORD, drop_settling_table, make_settling_table, settle
from dataquality.services.mending import lock_source
from dataquality.services.priorities import take_blast_radii
from dataquality.services.relations.confirmed import judge_confirmed
from dataquality.services.relations.judging import Judging
from dataquality.services.scores import take_scores
from dataquality.subjects import Subject


@transaction.atomic
def count_confirmed(subject: Subject, *, now: datetime) -> dict[str, int]:
    """Open and close the findings of confirmed duplicates in every source; scores are taken where that changed any."""
    counts = {"opened": 0, "closed": 0}
    slug = confirmed_slug(subject)
    row = RuleRow.objects.filter(slug=slug).first()
    rule = next((each for each in active_rules(subject) if each.slug == slug), None)
    for source in _sources(subject, slug):
        lock_source(source)
        make_settling_table()
        if rule is not None and row is not None:
            judge_confirmed(Judging(subject, rule, row.pk, source, now))
        settled = settle(
            subject, source=source, batch=None, now=now, among=EVERY_RECORD, mirror=True,
            judged=sql.SQL("r.slug = {}").format(sql.Literal(slug)),
        )  # fmt: skip
        drop_settling_table()
        if any(settled.values()):
            take_blast_radii(subject, source=source)
            take_scores(subject, source=source, batch=None, now=now)
        counts = {name: counts[name] + settled[name] for name in counts}
    return counts


def _sources(subject: Subject, slug: str) -> list[Source]:
    """The sources of the table's live records, and of what was found of it."""
    live = subject.model._default_manager.live().order_by().values("source_id").distinct()
    found = Finding.objects.filter(rule__slug=slug, closed_at=None).order_by().values("source_id").distinct()
    return list(Source.objects.filter(pk__in=live.union(found)).order_by("pk"))


def has_confirmed(subject: Subject) -> bool:
    """Is there a confirmed pair of this table, or a finding left over from one?"""
    left = Finding.objects.filter(rule__slug=confirmed_slug(subject), closed_at=None)
    return Pair.objects.between(subject.slug).filter(state=Pair.State.SAME).exists() or left.exists()


def confirmed_so_far(subject: Subject) -> tuple[object, ...]:
    """What changes with every answer that confirms a pair of this table or takes that back."""
    confirmed = Pair.objects.between(subject.slug).filter(state=Pair.State.SAME)
    return tuple(confirmed.aggregate(n=Count("pk"), ids=Sum("pk"), last=Max("judged_at")).values())
