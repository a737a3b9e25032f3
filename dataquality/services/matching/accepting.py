"""Accept all pairs above a probability at once, after a sample of them was judged one by one."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person
from dataquality import subjects
from dataquality.models import Acceptance, Judgement, Pair
from dataquality.queries.matching import Precision, precision_of
from dataquality.services.matching.clusters import regroup_around
from dataquality.services.matching.judging import remember
from dataquality.services.matching.locking import lock_matching
from dataquality.subjects import Subject

SAMPLE = 60  # pairs: with none wrong among them the precision is at least 94 %, at 95 % confidence
MOST_AT_ONCE = 200_000


@transaction.atomic
def draw_sample(
    subject: Subject, *, above: float, by: Person | None, now: datetime, beside: Subject | None = None, n: int = SAMPLE
) -> Acceptance:
    """Draw `n` of the open pairs from a probability on, at random, to be judged before the others are accepted."""
    if not 0 < above <= 1:
        raise Refusal(_("A probability is above 0 and at most 1; %(above)s is not.") % {"above": above})
    pairs = Pair.objects.open().between(subject.slug, beside.slug if beside else "").filter(probability__gte=above)
    ids = list(pairs.order_by("?").values_list("pk", flat=True)[:n])
    if not ids:
        raise Refusal(_("No open pair is that probable, so there is nothing to accept."), code="nothing")
    return Acceptance.objects.create(
        table=subject.slug, beside=beside.slug if beside else "", above=above, sample=ids, reached=pairs.count(),
        drawn_by=by, drawn_at=now,
    )  # fmt: skip


@transaction.atomic
def accept_above(acceptance: Acceptance, *, by: Person, now: datetime, least: float | None = None) -> Acceptance:
    """Call all open pairs above the probability the same, once every pair of the sample has its answer.

    With `least` it is refused where the lower bound of the estimated precision is below that.
    """
    acceptance = Acceptance.objects.select_for_update(of=("self",)).get(pk=acceptance.pk)
    if acceptance.accepted_at is not None:
        raise Refusal(_("These pairs were accepted already; draw a new sample for those found since."), code="accepted")
    estimate = precision_of(acceptance)
    _refuse_unproven(estimate, least)
    tables = [subjects.get(slug) for slug in (acceptance.table, acceptance.beside) if slug]
    lock_matching(*tables)
    pairs = Pair.objects.open().between(acceptance.table, acceptance.beside).filter(probability__gte=acceptance.above)
    ids = list(pairs.select_for_update().values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
    if len(ids) > MOST_AT_ONCE:
        raise Refusal(
            _("More than %(most)s pairs are that probable; choose a higher probability and accept in parts.")
            % {"most": f"{MOST_AT_ONCE:,}"}
        )
    reason = _("Accepted with %(n)s others from %(above)s on.") % {"n": len(ids), "above": f"{acceptance.above:.0%}"}
    remember(ids, Judgement.Verdict.SAME, by=by, now=now, reason=reason, acceptance=acceptance.pk)
    Pair.objects.filter(pk__in=ids).update(state=Pair.State.SAME, judged_by=by, judged_at=now)
    if not acceptance.beside:
        apart = Pair.objects.filter(pk__in=ids, joined=False).values_list("a", "b")
        regroup_around(tables[0], {record for pair in apart for record in pair})
    acceptance.accepted, acceptance.accepted_by, acceptance.accepted_at = len(ids), by, now
    acceptance.save(update_fields=["accepted", "accepted_by", "accepted_at"])
    return acceptance


def _refuse_unproven(estimate: Precision, least: float | None) -> None:
    if estimate.open:
        raise Refusal(
            _("%(open)s of the %(n)s pairs drawn have no answer yet; judge them first, they say how sure the rest is.")
            % {"open": estimate.open, "n": estimate.n},
            code="sample_open",
        )
    if least is not None and (estimate.low is None or estimate.low < least):
        raise Refusal(
            _("The sample shows %(low)s at the least, and you asked for %(least)s; choose a higher probability.")
            % {"low": f"{estimate.low or 0:.1%}", "least": f"{least:.1%}"},
            code="too_unsure",
        )
