"""The plan of the sample company: phases behind and ahead, what was said, promised, answered, tried and felt."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from crm_adoption.kit.access import CHAMPION, END_USER
from crm_adoption.people.models import JobRole, Person
from crm_adoption.plan.models import (
    AccessPath,
    Feedback,
    GateCriterion,
    Ingredient,
    LeaderAct,
    Lesson,
    Message,
    Moment,
    Motivator,
    Objective,
    Phase,
    PhaseStep,
    Programme,
    Promise,
    Pulse,
    PulseAnswer,
    PulseItem,
    PulseTicket,
    Recognition,
    Review,
    Trial,
    WorkItem,
)
from crm_adoption.plan.pulse_items import ITEMS
from crm_adoption.plan.queries.communication import readers_of
from crm_adoption.plan.sample.chance import Chance
from crm_adoption.plan.services.communication import answer_feedback, give_feedback, settle_promises, vote
from crm_adoption.plan.services.engagement import recognise
from crm_adoption.plan.services.phases import save_phase
from crm_adoption.plan.services.reviews import decide, hold_review
from crm_adoption.plan.services.sample_people import MOOD, SEED
from crm_adoption.usage.sample import words as log_words

ACCOUNT, CONTACT, DEAL, ROLE = "accounts.account", "contacts.contact", "accounts.opportunity", "contacts.contactrole"
Kind, Track = WorkItem.Kind, WorkItem.Track
LOGGED_AS = {
    "Mail program": [log_words.ADD_IN], "Web browser": [log_words.BROWSER], "App": [log_words.APP],
}  # fmt: skip


@transaction.atomic
def make_plan(people: dict[str, Person], now: datetime) -> bool:
    """Write the plan down unless somebody has begun one; says whether it did."""
    if Phase.objects.exists() or Objective.objects.exists():
        return False
    today = timezone.localdate(now)
    cast = _Cast(people)
    aims = _objectives(cast, today)
    live, next_ = _phases(cast, aims, now, today)
    _messages(cast, aims, live, next_, now, today)
    _leaders(cast, today)
    _access(today)
    _trials(cast, next_, today)
    _motivators(cast, today)
    _voices(cast, now)
    _pulses(now, today)
    _review(cast, now, today)
    settle_promises(today=today)
    return True


class _Cast:
    """Who plays which part."""

    def __init__(self, people: dict[str, Person]) -> None:
        staff = [person for person in people.values() if person.job_role]
        by_role: dict[str, list[Person]] = {}
        for person in sorted(staff, key=lambda one: one.pk):
            by_role.setdefault(person.job_role.name if person.job_role else "", []).append(person)
        self.staff = by_role["Account manager"]
        self.engineers = by_role["Service engineer"]
        self.lead = by_role["Head of CRM"][0]
        self.sponsor = by_role["Head of sales and service"][0]
        self.it = by_role["IT"][0]
        self.trainer = by_role["Trainer"][0]
        self.steward = by_role["Master data"][0]
        self.champion = next(one for one in people.values() if CHAMPION in one.group_names)
        self.user = next(one for one in people.values() if END_USER in one.group_names)
        self.role = {role.name: role for role in JobRole.objects.all()}


def _objectives(cast: _Cast, today: date) -> dict[str, Objective]:
    end = date(today.year, 12, 31)
    rows = (
        ("one", "Every customer is served from one shared picture", "strategy", "",
         "Complaints about being asked twice", cast.sponsor, None, 5),
        ("clean", "Accounts and contacts people can rely on", "crm", "one", "Data health", cast.steward, "data.health",
         75),
        ("forecast", "A forecast that holds", "crm", "one", "Forecast accuracy", cast.sponsor, None, 0.85),
        ("service", "No case waits unseen", "process", "clean", "Median hours to the first answer", cast.champion,
         None, 4),
        ("pipeline", "Opportunities are kept the day something happens", "process", "forecast",
         "Hours from event to record", cast.lead, "access.capture-lag", 8),
    )  # fmt: skip
    made: dict[str, Objective] = {}
    for word, statement, kind, parent, metric, owner, check, target in rows:
        made[word] = Objective.objects.create(
            statement=statement, kind=kind, parent=made.get(parent), metric=metric, owner=owner, due_on=end,
            check_slug=check or "", target=target,
        )  # fmt: skip
    return made


def _phases(cast: _Cast, aims: dict[str, Objective], now: datetime, today: date) -> tuple[Phase, Phase]:
    def day(offset: int) -> date:
        return today + timedelta(days=offset)

    first = Phase(
        name="Accounts and contacts", goal="Sales and service see the same customer, and know who is who.", position=1,
        tables=[ACCOUNT, CONTACT], planned_start=day(-240), planned_end=day(-90), design_frozen_on=day(-230),
        capacity_days=60, process_changes=2, integrations=1,
    )  # fmt: skip
    second = Phase(
        name="Pipeline", goal="The quarter is planned from opportunities that are true.", position=2,
        tables=[ACCOUNT, CONTACT, DEAL, ROLE], planned_start=day(-80), planned_end=day(25), design_frozen_on=day(-70),
        capacity_days=45, process_changes=3, integrations=1,
    )  # fmt: skip
    third = Phase(
        name="Service on the road", goal="Engineers find and close a case where they stand.", position=3,
        tables=["accounts.case"], planned_start=day(40), planned_end=day(150), design_frozen_on=day(-380),
        capacity_days=30, process_changes=2, integrations=2,
    )  # fmt: skip
    managers, leads, engineers = (cast.role[n] for n in ("Account manager", "Team lead", "Service engineer"))
    save_phase(first, objectives=[aims["clean"]], job_roles=[managers, leads, engineers])
    save_phase(second, objectives=[aims["forecast"], aims["pipeline"]], job_roles=[managers, leads])
    save_phase(third, objectives=[aims["service"]], job_roles=[engineers])
    pilot = Phase(name="Pilot DACH", goal="One team works with it for a month.", parent=second, position=1,
                  tables=[DEAL], planned_start=day(-40), planned_end=day(-8), design_frozen_on=day(-70))  # fmt: skip
    save_phase(pilot, objectives=[aims["pipeline"]], job_roles=[managers])

    for phase, opened, closed in ((first, -92, -60), (pilot, -9, None)):
        phase.approved_by, phase.approved_at = cast.sponsor, now - timedelta(days=200 if phase is first else 45)
        phase.opened_at = now + timedelta(days=opened)
        phase.state = Phase.State.OPEN
        if closed is not None:
            phase.closed_at, phase.state = now + timedelta(days=closed), Phase.State.CLOSED
        phase.save()
    second.state, second.approved_by, second.approved_at = Phase.State.APPROVED, cast.lead, now - timedelta(days=60)
    second.save()
    _steps(first, 8, day(-235))
    _steps(pilot, 7, day(-60))
    _steps(second, 5, day(-75))
    GateCriterion.objects.create(phase=second, check_slug="data.health", threshold=50)
    GateCriterion.objects.create(phase=second, check_slug="ownership.seats", threshold=0.8)

    _items(cast, aims, first, second, third, today)
    for text, keep in (
        ("Cleaning with the people who own the accounts took a third of the time it took the project team.", True),
        ("The import of old contacts should have waited for the rules.", False),
    ):
        Lesson.objects.create(phase=first, text=text, keep=keep, said_by=cast.champion, applied_in=second)
    return pilot, second


def _steps(phase: Phase, done: int, begun: date) -> None:
    for place, kind in enumerate(PhaseStep.Kind.values):
        step = PhaseStep.objects.get(phase=phase, kind=kind)
        step.due_on = begun + timedelta(days=14 * (place + 1))
        step.done_on = step.due_on - timedelta(days=2) if place < done else None
        step.save()


def _items(cast: _Cast, aims: dict[str, Objective], first: Phase, second: Phase, third: Phase, today: date) -> None:
    managers, leads, engineers = (cast.role[n] for n in ("Account manager", "Team lead", "Service engineer"))
    ingredient = {one.slug: one for one in Ingredient.objects.all()}
    rows = (  # title, kind, track, phase, role, aim, ingredient, owner, days, due in, state
        ("Agree on what an active account is", Kind.MUST, Track.PROCESS, first, managers, "clean", "scope-vision",
         cast.lead, 4, -180, "done"),
        ("Bring names of companies into one spelling", Kind.MUST, Track.PEOPLE, first, managers, "clean",
         "data-quality", cast.steward, 14, -120, "done"),
        ("Connect the address service", Kind.MUST, Track.TECHNOLOGY, first, None, None, "system-function",
         cast.it, 12, -110, "done"),
        ("Write down what each stage means, with the team leads", Kind.MUST, Track.PROCESS, second, leads, "forecast",
         "process-alignment", cast.lead, 6, -20, "done"),
        ("Fill the contact roles of open opportunities", Kind.MUST, Track.PEOPLE, second, managers, "pipeline",
         "data-quality", cast.champion, 12, 12, "doing"),
        ("Stage changes from the calendar of the mail program", Kind.MUST, Track.TECHNOLOGY, second, managers,
         "pipeline", "accessibility", cast.it, 15, 18, "doing"),
        ("First review of the quarter entirely from the system", Kind.MUST, Track.PEOPLE, second, leads, "forecast",
         "executive-leadership", cast.sponsor, 3, 24, "open"),
        ("Approval of discounts in the CRM", Kind.LATER, Track.PROCESS, third, leads, "forecast", "process-alignment",
         cast.lead, 9, 110, "open"),
        ("Offline form for cases", Kind.MUST, Track.TECHNOLOGY, third, engineers, "service", "accessibility",
         cast.it, 18, 90, "open"),
        ("New case screen", Kind.MUST, Track.TECHNOLOGY, third, None, None, "system-function", cast.it, 16, 80, "open"),
        ("Show birthdays on the contact card", Kind.DELIGHT, Track.TECHNOLOGY, second, managers, None, None,
         cast.it, 1, 20, "open"),
        ("One field less when a visit is written down", Kind.SMALL, Track.PROCESS, None, managers, "pipeline", None,
         cast.lead, 0.5, -30, "done"),
        ("Sort the list of cases by waiting time", Kind.SMALL, Track.TECHNOLOGY, None, engineers, "service", None,
         cast.it, 0.5, 10, "open"),
    )  # fmt: skip
    for title, kind, track, phase, role, aim, made_of, owner, days, due, state in rows:
        due_on = today + timedelta(days=due)
        WorkItem.objects.create(
            title=title, kind=kind, track=track, phase=phase, job_role=role, objective=aims.get(aim or ""),
            ingredient=ingredient.get(made_of or ""), owner=owner, effort_days=days, due_on=due_on, state=state,
            requested_on=due_on - timedelta(days=9 if kind == Kind.SMALL else 60),
            done_on=due_on if state == "done" else None,
        )  # fmt: skip


def _messages(cast: _Cast, aims: dict[str, Objective], live: Phase, next_: Phase, now: datetime, today: date) -> None:
    managers = cast.role["Account manager"]
    rows = (  # subject, body, audience, role, moment, leader, phase, four elements, sent days ago
        ("Why we do this", "Our customers tell us things once. From now on everybody who serves them knows.",
         Message.Audience.EVERYBODY, None, Moment.PLANNING, cast.sponsor, None, (1, 0, 1, 1), 235),
        ("What changes for account managers", "From the pilot on, opportunities are kept in the CRM, and nowhere else. "
         "The weekly sheet ends on the day the pilot opens.", Message.Audience.ROLE, managers, Moment.DEPLOYMENT,
         cast.lead, live, (1, 1, 1, 0), 30),
        ("Where the programme stands", "Accounts and contacts are done; the pipeline is next.",
         Message.Audience.EXECUTIVES, None, Moment.COMPANY_WIDE, cast.sponsor, next_, (1, 0, 1, 1), 14),
        ("The pipeline opens: what you will see", "", Message.Audience.USERS, None, Moment.DEPLOYMENT, cast.lead, next_,
         (1, 1, 0, 0), None),
    )  # fmt: skip
    made = []
    for subject, body, audience, role, moment, leader, phase, four, ago in rows:
        sent = None if ago is None else now - timedelta(days=ago)
        message = Message(
            subject=subject, body=body, audience=audience, job_role=role, moment=moment, leader=leader, phase=phase,
            objective=aims["one"], has_timeline=bool(four[0]), has_roles=bool(four[1]), has_deliverables=bool(four[2]),
            has_vision=bool(four[3]), due_on=today + timedelta(days=10) if sent is None else None,
            state=Message.State.PLANNED if sent is None else Message.State.SENT, sent_at=sent,
            sent_by=leader if sent else None, channel="" if sent is None else Message.Channel.MAIL,
        )  # fmt: skip
        message.reach = None if sent is None else readers_of(message).count()
        message.save()
        made.append(message)
    promises = (
        (made[0], "Half of the tables people work with are clean by the end of the first phase.", "data.tables-passing",
         0.5, -60),
        (made[1], "Whoever asks gets an answer within a week.", "communication.days-to-answer", 7, 20),
        (made[1], "The weekly sheet is not asked for any more.", "", None, 15),
    )  # fmt: skip
    for message, text, check, threshold, due in promises:
        Promise.objects.create(
            message=message, text=text, check_slug=check, threshold=threshold, due_on=today + timedelta(days=due),
            comparator=Promise.Comparator.AT_MOST if check.endswith("answer") else Promise.Comparator.AT_LEAST,
            made_by=message.leader,
        )  # fmt: skip


def _leaders(cast: _Cast, today: date) -> None:
    acts = (
        (LeaderAct.Kind.BUDGET, Moment.PLANNING, 230, "Budget and his name in the invitation to the kick-off"),
        (LeaderAct.Kind.STAFF, Moment.PLANNING, 210, "Two team leads freed for a day a week"),
        (LeaderAct.Kind.TRAINING, Moment.DEPLOYMENT, 55, "Sat in the first training of the pilot"),
    )
    for kind, moment, ago, evidence in acts:
        LeaderAct.objects.create(
            kind=kind, moment=moment, leader=cast.sponsor, on=today - timedelta(days=ago), evidence=evidence
        )
    thanks = Recognition(
        to=cast.champion, contributed_to="The team's accounts were the first to pass; others copied the list."
    )
    recognise(thanks, by=cast.sponsor, today=today - timedelta(days=52))


def _access(today: date) -> None:
    Device, Network, State = AccessPath.Device, AccessPath.Network, AccessPath.State
    rows = (
        ("Account manager", "Mail program", Device.LAPTOP, Network.OFFICE, False, True, 2, State.OPEN, "", None),
        ("Account manager", "Web browser", Device.LAPTOP, Network.HOME, False, False, 5, State.OPEN, "", None),
        ("Account manager", "App", Device.PHONE, Network.ROAD, True, False, None, State.TO_DO,
         "Waits for the device management.", None),
        ("Team lead", "Web browser", Device.LAPTOP, Network.OFFICE, False, False, 3, State.OPEN, "", None),
        ("Service engineer", "Web browser", Device.LAPTOP, Network.OFFICE, False, False, 4, State.OPEN, "", None),
        ("Service engineer", "App", Device.PHONE, Network.ROAD, False, False, None, State.PROHIBITED,
         "Customers in pharma forbid phones in their laboratories.", None),
        ("Master data", "Web browser", Device.LAPTOP, Network.OFFICE, False, False, 2, State.OPEN, "", None),
        ("Head of CRM", "Web browser", Device.LAPTOP, Network.OFFICE, False, False, 2, State.OPEN, "", None),
    )  # fmt: skip
    roles = {role.name: role for role in JobRole.objects.all()}
    for role, client, device, network, offline, embedded, steps, state, reason, told in rows:
        AccessPath.objects.create(
            job_role=roles[role], client=client, device=device, network=network, offline=offline, embedded=embedded,
            steps=steps, state=state, reason=reason, communicated_on=told, logged_as=LOGGED_AS[client],
        )  # fmt: skip


def _trials(cast: _Cast, phase: Phase, today: date) -> None:
    managers, leads = cast.role["Account manager"], cast.role["Team lead"]
    rows = (
        ("Write down a visit", managers, True, True, True, 1.8, 12),
        ("Move an opportunity to the next stage", managers, True, True, True, 2.4, 12),
        ("Plan the quarter with the team", leads, True, False, True, 3.1, 10),
        ("Find who decides at a customer", managers, True, True, False, 6.2, 9),
        ("Hand an opportunity over", leads, False, False, None, None, None),
    )
    for use_case, role, like, as_user, passed, seconds, ago in rows:
        Trial.objects.create(
            phase=phase, use_case=use_case, job_role=role, like_production=like, as_end_user=as_user, passed=passed,
            seconds=seconds, on=None if ago is None else today - timedelta(days=ago), by=cast.trainer if ago else None,
        )  # fmt: skip


def _motivators(cast: _Cast, today: date) -> None:
    Kinds = Motivator.Kind
    told = today - timedelta(days=30)
    rows = (
        ("Account manager", Kinds.BENEFIT, "No weekly sheet any more: two hours back every Friday.", cast.lead, told),
        ("Account manager", Kinds.APPRECIATION, "The sponsor calls whoever closed with a full history.", cast.sponsor,
         told),
        ("Account manager", Kinds.PEER_PRESSURE, "The team leads open their meetings with the pipeline on the wall.",
         cast.champion, told),
        ("Account manager", Kinds.COMPETITION, "The teams compare how many tables pass.", None, None),
        ("Service engineer", Kinds.BENEFIT, "The history of the device is there before you ring the bell.",
         cast.champion, None),
        ("Team lead", Kinds.BENEFIT, "The quarter's meeting takes an hour instead of a day.", cast.sponsor, told),
        ("Team lead", Kinds.ACCOUNTABILITY, "What is not in the CRM is not discussed.", cast.sponsor, told),
    )  # fmt: skip
    for role, kind, tactic, owner, since in rows:
        Motivator.objects.create(
            job_role=cast.role[role], kind=kind, tactic=tactic, owner=owner, told_on=since,
            check_slug="access.capture-lag" if kind == Kinds.PEER_PRESSURE else "",
        )  # fmt: skip


def _voices(cast: _Cast, now: datetime) -> None:
    Kinds, Area = Feedback.Kind, Feedback.Area
    staff = cast.staff
    rows = (  # who, kind, area, text, days ago, answer, days to it, resolved, voices
        (staff[1], Kinds.REQUEST, Area.TECHNOLOGY, "Let me write down a visit by voice.", 40,
         "It comes with the app; we test it in the pilot.", 3, False, 5),
        (staff[2], Kinds.ROADBLOCK, Area.TECHNOLOGY, "From home it takes five steps until I see an account.", 24,
         "The second code goes away next month; until then the browser remembers you for a day.", 2, False, 4),
        (staff[3], Kinds.ISSUE, Area.TECHNOLOGY, "The list of accounts takes ten seconds in the morning.", 12, "", 0,
         False, 3),
        (cast.engineers[0], Kinds.OUTDATED, Area.BUSINESS, "The case form asks for things we stopped doing.", 33, "",
         0, False, 2),
        (cast.engineers[1], Kinds.EXPECTATION, Area.BUSINESS, "I want to see what sales promised there.", 50,
         "Open opportunities stand on the account from today on.", 6, True, 3),
        (staff[4], Kinds.PRAISE, Area.BUSINESS, "The contact list of Basel is the first that was right.", 8,
         "Passed on to those who cleaned it.", 1, True, 1),
        (cast.user, Kinds.REQUEST, Area.BUSINESS, "Tell us what counts as a visit.", 6, "", 0, False, 2),
    )  # fmt: skip
    for who, kind, area, text, ago, answer, after, resolved, voices in rows:
        at = now - timedelta(days=ago)
        made = give_feedback(by=who, kind=kind, area=area, text=text, now=at,
                             is_incident=kind == Kinds.ISSUE)  # fmt: skip
        Feedback.objects.filter(pk=made.pk).update(created_at=at)
        for other in [one for one in staff if one.pk != who.pk][:voices]:
            vote(made, by=other)
        if answer:
            answer_feedback(made, by=cast.champion, text=answer, now=at + timedelta(days=after), resolved=resolved)


def _pulses(now: datetime, today: date) -> None:
    """Two pulses that are over and one that is open; their answers lean on what was heard of each ingredient."""
    chance = Chance(SEED)
    people = list(Person.objects.active().select_related("team", "job_role").order_by("pk"))
    for number, (opened, share) in enumerate(((-110, 0.7), (-40, 0.6), (-3, 0.0))):
        begun = today + timedelta(days=opened)
        pulse = Pulse.objects.create(
            name=f"Pulse of {begun:%B %Y}", opens_on=begun, closes_on=begun + timedelta(days=10)
        )
        items = PulseItem.objects.bulk_create(
            PulseItem(pulse=pulse, position=place, slug=slug, ingredient_slug=made_of, sentence=str(sentence))
            for place, (slug, made_of, sentence) in enumerate(ITEMS)
        )
        answering = [one for one in people if chance.share("pulse", number, one.email) < share]
        PulseTicket.objects.bulk_create(
            PulseTicket(pulse=pulse, person=person, used=person in answering) for person in people
        )
        PulseAnswer.objects.bulk_create(
            PulseAnswer(
                item=item, team=person.team, job_role=person.job_role, on=begun,
                score=_score(chance, MOOD[item.ingredient_slug] + 0.15 * number, number, item.slug, str(person.email)),
            )
            for item in items for person in answering
        )  # fmt: skip


def _score(chance: Chance, mean: float, *words: object) -> int:
    return min(5, max(1, round(mean + chance.share("answer", *words) * 2.4 - 1.2)))


def _review(cast: _Cast, now: datetime, today: date) -> None:
    Programme.objects.filter(pk=1).update(cadence=Programme.Cadence.QUARTER)
    held = today - timedelta(days=100)
    past = Review.objects.create(planned_on=held, led_by=cast.lead)
    at = timezone.make_aware(datetime.combine(held, time(10)))
    hold_review(past, by=cast.lead, now=at, today=held)
    decide(past, text="The case form is looked at with three engineers", by=cast.lead, today=held,
           due_on=today + timedelta(days=5))  # fmt: skip
    Review.objects.create(planned_on=today + timedelta(days=6), led_by=cast.lead)
