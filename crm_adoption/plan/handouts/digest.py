"""The weekly letter: what moved in seven days and what comes in the next seven."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from crm_adoption.kit import words
from crm_adoption.kit.access import LEAD, SPONSOR
from crm_adoption.plan.handouts.facts import clipped, day, risk_words
from crm_adoption.plan.models import GateAct, Promise
from crm_adoption.plan.queries.communication import Answering, answering
from crm_adoption.plan.queries.forecasts import report_forecast
from crm_adoption.plan.queries.reviews import Cycle, cycle
from crm_adoption.plan.queries.standing import Standing, standing
from dataquality import queries as data
from dataquality import reports
from dataquality.services.gates import gate

WEEK = timedelta(days=7)
MOVED_BY = 0.005  # of risk; less is rounding


@dataclass(frozen=True)
class Week:
    """The facts of one weekly letter; gates as (name, reasons), and no figure of a report at all."""

    today: date
    standing: Standing
    before: Standing
    phases: Sequence[GateAct]  # opened, opened by the sponsor, or closed in these days
    opened: Sequence[str]  # reports whose gate opened
    shut: Sequence[tuple[str, str]]  # reports whose gate shut, and why
    promises: Sequence[Promise]  # due by the end of the next seven days, the overdue among them
    answering: Answering
    cycle: Cycle


def week(*, now: datetime, today: date) -> Week:
    opened, shut = _reports(now, today)
    return Week(
        today=today,
        standing=standing(now),
        before=standing(now - WEEK),
        phases=list(
            GateAct.objects.filter(at__gt=now - WEEK, at__lte=now)
            .exclude(outcome=GateAct.Outcome.REFUSED)
            .select_related("phase")
            .order_by("pk")
        ),
        opened=opened,
        shut=shut,
        promises=list(
            Promise.objects.filter(state=Promise.State.OPEN, due_on__lte=today + WEEK).order_by("due_on", "pk")
        ),
        answering=answering(now),
        cycle=cycle(today),
    )


def _reports(now: datetime, today: date) -> tuple[list[str], list[tuple[str, str]]]:
    """Reports whose gate is not as the scores of a week ago had it."""
    board = data.scoreboard()
    opened: list[str] = []
    shut: list[tuple[str, str]] = []
    for report in reports.every():
        if not {LEAD, SPONSOR} <= set(report.groups):
            continue
        state = gate(report, now=now, scores=board)
        measured = report_forecast(report.slug, now=now, today=today).conditions
        was_open = bool(measured) and all(one.holds_on(today - WEEK) for one in measured)
        would_open = bool(measured) and all(one.holds_on(today) for one in measured)
        if state.state == "open" and would_open and not was_open:
            opened.append(str(report.title))
        if state.state != "open" and not would_open and was_open:
            shut.append((str(report.title), " ".join(reason.sentence for reason in state.reasons)))
    return opened, shut


def letter(found: Week, *, site: str) -> tuple[str, str]:
    """Subject and plain text, in the language that is active."""
    subject = _("The week of the CRM programme: risk %(range)s") % {"range": risk_words(found.standing)}
    parts = [
        (_("Risk"), [_risk(found)]),
        (_("Gates"), _gates(found)),
        (_("Promises due in the next seven days"), [_promise(one, found.today) for one in found.promises]),
        (_("People"), _people(found)),
    ]
    said = [f"{title}\n" + "\n".join(f"- {line}" for line in lines or [_("Nothing.")]) for title, lines in parts]
    said.append(_("The whole plan: %(url)s") % {"url": f"{site}{reverse('home')}"})
    said.append(_("You do not want this letter? Switch it off: %(url)s") % {"url": f"{site}{reverse('my-calendar')}"})
    return subject, "\n\n".join(said) + "\n"


def _risk(found: Week) -> str:
    """Better where both ends fell, worse where both rose; the rest is said without a judgement."""
    facts = {"range": risk_words(found.standing), "known": words.percent(found.standing.risk.coverage, 0)}
    if not found.before.with_evidence:
        return _("%(range)s; %(known)s of what matters is measured. A week ago nothing was.") % facts
    low = found.standing.risk.low - found.before.risk.low
    high = found.standing.risk.high - found.before.risk.high
    facts["before"] = risk_words(found.before)
    if abs(low) < MOVED_BY and abs(high) < MOVED_BY:
        return _("%(range)s, as a week ago; %(known)s of what matters is measured.") % facts
    if low < MOVED_BY and high < MOVED_BY:
        return _("%(range)s, lower than a week ago (%(before)s); %(known)s of what matters is measured.") % facts
    if low > -MOVED_BY and high > -MOVED_BY:
        return _("%(range)s, higher than a week ago (%(before)s); %(known)s of what matters is measured.") % facts
    return _("%(range)s; a week ago %(before)s; %(known)s of what matters is measured.") % facts


def _gates(found: Week) -> list[str]:
    said = [f"{act.phase}: {act.get_outcome_display()}" for act in found.phases]
    said += [_("The report “%(report)s” opened.") % {"report": title} for title in found.opened]
    said += [
        _("The report “%(report)s” is sealed now. %(why)s") % {"report": title, "why": why} for title, why in found.shut
    ]
    return said


def _promise(promise: Promise, today: date) -> str:
    facts = {"day": day(promise.due_on), "text": clipped(promise.text, 160)}
    if promise.due_on < today:
        return _("%(day)s (overdue): %(text)s") % facts
    return _("%(day)s: %(text)s") % facts


def _people(found: Week) -> list[str]:
    said = []
    if found.answering.open:
        said.append(_("%(n)s voices wait for an answer, the oldest for %(days)s days.") % {
            "n": found.answering.open, "days": found.answering.oldest_days,
        })  # fmt: skip
    if found.cycle.overdue:
        said.append(_("The review was due on %(day)s and is %(n)s days overdue.") % {
            "day": day(found.cycle.due_on), "n": found.cycle.overdue,
        })  # fmt: skip
    return said
