"""The sample company: who answers for what, what its committee decided, what was agreed, what enforces each step."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from crm_adoption.kit.access import CHAMPION, END_USER
from crm_adoption.people.models import Person, Seat
from crm_adoption.people.services import answer_for, open_seat
from crm_adoption.plan.models import Feedback, Review, StepRule
from crm_adoption.plan.services.communication import agree_expectation, give_feedback
from crm_adoption.plan.services.enforcement import save_step_rule
from crm_adoption.plan.services.reviews import call_committee, decide, hold_review
from dataquality.models import RuleRow
from training.models import Process

MET, NEXT = 30, 12  # days ago, and days ahead
STEPS = (  # process, step, rule on records, or where the CRM itself asks for it
    ("Write a quotation", "Open the deal", "accounts.opportunity.account.pointer", ""),
    ("Write a quotation", "Choose the instruments", "accounts.opportunity.amount.required", ""),
    ("Write a quotation", "Send it from the CRM", "", "The quotation is numbered only when it is sent from the deal."),
    ("Look after a laboratory", "Note the visit the same day", "accounts.activity.happened_at.required", ""),
    ("Solve a service case", "Take the case", "", "A case without an owner cannot be saved."),
)
DECIDED = (("One word for each stage, in all groups", 10), ("The list that two teams keep beside the CRM ends", -4))


@transaction.atomic
def make_owners(people: dict[str, Person], now: datetime) -> bool:
    """Fill in what the processes of the training need, unless somebody has begun; says whether it did."""
    processes = list(Process.objects.live().order_by("name"))
    if not processes or Review.objects.of_committee().exists():
        return False
    today = timezone.localdate(now)
    staff = sorted((one for one in people.values() if one.job_role), key=lambda one: one.pk)
    champion = next(one for one in staff if CHAMPION in one.group_names)
    user = next(one for one in staff if END_USER in one.group_names)
    it = next(one for one in staff if one.job_role and one.job_role.name == "IT")
    _technology(processes, it, today)
    _committee(champion, now, today)
    _expected(champion, user, now, today)
    _enforced()
    return True


def _technology(processes: list[Process], it: Person, today: date) -> None:
    """All processes but the last have somebody who answers for their technology."""
    kind, scope = Seat.Kind.TECHNOLOGY_OWNER, Seat.Scope.PROCESS
    for process in processes[:-1]:
        answer_for(kind=kind, scope=scope, scope_key=process.name, holder=it, on=today - timedelta(days=90))
    open_seat(kind=kind, scope=scope, scope_key=processes[-1].name)


def _committee(champion: Person, now: datetime, today: date) -> None:
    held = today - timedelta(days=MET)
    at = timezone.make_aware(datetime.combine(held, time(15)))
    meeting = call_committee(Review(planned_on=held, led_by=champion), today=held)
    meeting = hold_review(meeting, by=champion, now=at, today=held)
    for text, due in DECIDED:
        decide(meeting, text=text, by=champion, today=held, due_on=today + timedelta(days=due))
    call_committee(Review(planned_on=today + timedelta(days=NEXT), led_by=champion), today=today)


def _expected(champion: Person, user: Person, now: datetime, today: date) -> None:
    """Two expectations with a measure, and one that nobody has agreed on yet."""
    rows = (
        ("Whoever asks something gets an answer within a week.", 25, "communication.days-to-answer", "le", 7.0),
        ("I can trust the data without looking it up elsewhere.", 18, "data.health", "ge", 60.0),
        ("What I type on the road is there before I am back.", 4, "", "", 0.0),
    )
    for text, ago, check, comparator, threshold in rows:
        at = now - timedelta(days=ago)
        made = give_feedback(by=user, kind=Feedback.Kind.EXPECTATION, text=text, now=at)
        Feedback.objects.filter(pk=made.pk).update(created_at=at)
        if check:
            agree_expectation(
                made, by=champion, check_slug=check, comparator=comparator, threshold=threshold,
                due_on=today + timedelta(days=40), today=today,
            )  # fmt: skip


def _enforced() -> None:
    by_name = {process.name: process for process in Process.objects.live()}
    known = set(RuleRow.objects.filter(active=True).values_list("slug", flat=True))
    for name, step, rule, note in STEPS:
        if name in by_name and (not rule or rule in known):
            by = StepRule.By.RULE if rule else StepRule.By.CRM
            save_step_rule(StepRule(process=by_name[name], step=step, by=by, rule_slug=rule, note=note))
