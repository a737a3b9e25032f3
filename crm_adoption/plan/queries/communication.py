"""Who was told what at which moment, what was promised, and how soon people are answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from crm_adoption.kit.access import SPONSOR, belongs
from crm_adoption.people.models import Person, Seat
from crm_adoption.plan.models import Feedback, LeaderAct, Message, Moment, Promise, Vote

ELEMENTS = ("has_timeline", "has_roles", "has_deliverables", "has_vision")
Audience = Message.Audience


def audience_of(message: Message) -> str:
    """For whom, in words."""
    if message.audience == Audience.ROLE:
        return str(message.job_role)
    if message.audience == Audience.TEAM:
        return str(message.team)
    return str(message.get_audience_display())


def letters_of(message: Message) -> str:
    """The elements a message holds, by their letters: T timeline, R roles, D deliverables, V vision."""
    return "".join(letter for letter, name in zip("TRDV", ELEMENTS, strict=True) if getattr(message, name))


@dataclass(frozen=True)
class Cell:
    """One audience at one moment: which of the four elements were said, and in how many messages."""

    moment: str
    said: tuple[bool, bool, bool, bool]
    planned: tuple[bool, bool, bool, bool]
    messages: int

    @property
    def share(self) -> float:
        return sum(self.said) / len(self.said)

    @property
    def letters(self) -> list[tuple[str, str]]:
        """Each element's letter and whether it was said, is planned, or is a gap."""
        return [
            (letter, "said" if said else "planned" if planned else "gap")
            for letter, said, planned in zip("TRDV", self.said, self.planned, strict=True)
        ]

    @property
    def sentence(self) -> str:
        """The same for whoever cannot see it."""
        names = (_("timeline"), _("roles"), _("deliverables"), _("vision"))
        words = {"said": _("said"), "planned": _("planned"), "gap": _("a gap")}
        return ", ".join(f"{name} {words[how]}" for name, (_l, how) in zip(names, self.letters, strict=True))


@dataclass(frozen=True)
class Coverage:
    """Audience x moment x the four elements (P28); empty cells are gaps."""

    moments: Sequence[tuple[str, str]]
    rows: Sequence[tuple[str, str, Sequence[Cell]]]  # audience, its label, one cell a moment

    @property
    def cells(self) -> list[Cell]:
        return [cell for _a, _l, cells in self.rows for cell in cells]

    @property
    def share(self) -> float:
        """Elements said, of all that should be."""
        return sum(cell.share for cell in self.cells) / len(self.cells)


def coverage() -> Coverage:
    """Executives and end-users at every moment; what was said to everybody counts for both."""
    rows = list(Message.objects.values_list("audience", "moment", "state", *ELEMENTS))
    moments = list(Moment.choices)

    def cell(audiences: set[str], moment: str) -> Cell:
        mine = [row for row in rows if row[0] in audiences and row[1] == moment]
        sent = [row[3:] for row in mine if row[2] == Message.State.SENT]
        waiting = [row[3:] for row in mine if row[2] != Message.State.SENT]
        said, planned = (tuple(any(one[n] for one in kind) for n in range(4)) for kind in (sent, waiting))
        return Cell(moment, said, planned, len(sent))  # type: ignore[arg-type]

    of = {
        Audience.EXECUTIVES: {Audience.EXECUTIVES.value, Audience.EVERYBODY.value},
        Audience.USERS: {a.value for a in (Audience.USERS, Audience.EVERYBODY, Audience.ROLE, Audience.TEAM)},
    }
    return Coverage(
        [(value, str(label)) for value, label in moments],
        [(a.value, str(a.label), [cell(of[a], value) for value, _l in moments]) for a in of],
    )


@dataclass(frozen=True)
class LeaderRow:
    """One leader: the moments at which they were seen or heard, and the last of their acts."""

    leader: Person
    moments: Sequence[bool]
    last: LeaderAct | None
    silent_days: int | None  # since the last act or message; none before the first


def leader_grid(now: datetime) -> list[LeaderRow]:
    """Every leader x {planning, deployment, company-wide} (P15), from their acts and the messages in their name."""
    moments = [Moment.PLANNING, Moment.DEPLOYMENT, Moment.COMPANY_WIDE]
    found = []
    for leader in leaders():
        acts = list(leader.leader_acts.all())
        sent = [m for m in leader.messages_led.all() if m.state == Message.State.SENT]
        seen = {act.moment for act in acts} | {message.moment for message in sent}
        days = [act.on for act in acts] + [m.sent_at.date() for m in sent if m.sent_at]
        found.append(
            LeaderRow(
                leader,
                [moment.value in seen for moment in moments],
                acts[0] if acts else None,
                (now.date() - max(days)).days if days else None,
            )
        )
    return found


def leaders() -> QuerySet[Person]:
    """The sponsor's group, and whoever holds a seat of sponsor or business owner."""
    seats = Q(seats__kind__in=(Seat.Kind.EXECUTIVE_SPONSOR, Seat.Kind.BUSINESS_OWNER))
    people: QuerySet[Person] = Person.objects.active().filter(Q(groups__name=SPONSOR) | seats)
    return people.distinct().prefetch_related("leader_acts", "messages_led").order_by("name")


@dataclass(frozen=True)
class Answering:
    """How feedback fared in a window of days; each figure with the number it stands on."""

    raised: int
    answered: int
    median_days: float | None
    open: int
    oldest_days: int | None

    @property
    def share(self) -> float | None:
        return self.answered / self.raised if self.raised else None


def answering(now: datetime, *, over: timedelta = timedelta(days=90)) -> Answering:
    """Of what was raised in the window: how much was answered, and how soon."""
    rows = list(Feedback.objects.filter(created_at__gt=now - over, created_at__lte=now).values_list(
        "created_at", "answered_at"))  # fmt: skip
    took = [(answered - raised).total_seconds() / 86_400 for raised, answered in rows if answered and answered <= now]
    waiting = Feedback.objects.filter(state=Feedback.State.OPEN, created_at__lte=now).order_by("created_at").first()
    return Answering(
        len(rows),
        len(took),
        median(took) if took else None,
        Feedback.objects.filter(state=Feedback.State.OPEN, created_at__lte=now).count(),
        (now - waiting.created_at).days if waiting else None,
    )


def feedback_for(person: Person) -> QuerySet[Feedback]:
    """All that may be seen: everything but what others raised under their name is shown without the name."""
    return (
        Feedback.objects.select_related("raised_by", "answered_by", "team", "job_role", "work_item")
        .annotate(voices=Count("votes", distinct=True), mine=Count("votes", filter=Q(votes__by=person), distinct=True))
        .order_by("-pk")
    )


def _meant_for(person: Person, to: str = "") -> Q:
    """Messages whose audience holds this person; `to` leads to the message from another table."""
    audiences = [Audience.EVERYBODY, Audience.USERS]
    if belongs(person, (SPONSOR,)):
        audiences.append(Audience.EXECUTIVES)
    mine = Q(**{f"{to}audience__in": audiences})
    if person.job_role_id:
        mine |= Q(**{f"{to}audience": Audience.ROLE, f"{to}job_role": person.job_role_id})
    if person.team_id:
        mine |= Q(**{f"{to}audience": Audience.TEAM, f"{to}team": person.team_id})
    return mine & Q(**{f"{to}state": Message.State.SENT})


def messages_to(person: Person) -> QuerySet[Message]:
    """What was said to this person, the newest first."""
    said = Message.objects.filter(_meant_for(person)).select_related("job_role", "team", "leader")
    return said.order_by("-sent_at", "-pk")


def voices_of(person: Person) -> QuerySet[Feedback]:
    """What this person raised, or joined in with their own voice; so that each of them meets the answer."""
    joined = Vote.objects.filter(by=person).values("feedback")
    return feedback_for(person).filter(Q(raised_by=person) | Q(pk__in=joined))


def promises_to(person: Person) -> QuerySet[Promise]:
    """What this person was promised: in messages sent to them, or to nobody in particular."""
    mine = Q(message=None) | _meant_for(person, "message__")
    return Promise.objects.filter(mine).select_related("message", "made_by").order_by("state", "due_on")


def readers_of(message: Message) -> QuerySet[Person]:
    """Everybody a message is for who can be written to."""
    people: QuerySet[Person] = Person.objects.active().exclude(email=None).exclude(email="")
    if message.audience == Audience.EXECUTIVES:
        return people.in_group(SPONSOR)  # type: ignore[attr-defined, no-any-return]
    if message.audience == Audience.ROLE:
        return people.filter(job_role=message.job_role)
    if message.audience == Audience.TEAM:
        return people.filter(team=message.team)
    return people


@dataclass(frozen=True)
class Letters:
    """The letters of a message that went by e-mail: taken, on their way, and missed with what the server said."""

    all: int
    taken: int
    missed: Sequence[tuple[str, Sequence[Person]]]  # what was said, and to whom it did not go

    @property
    def missing(self) -> int:
        return sum(len(people) for _said, people in self.missed)

    @property
    def waiting(self) -> int:
        return self.all - self.taken - self.missing


def letters(message: Message) -> Letters:
    rows = list(message.deliveries.select_related("person").order_by("person__name"))
    missed: dict[str, list[Person]] = {}
    for row in rows:
        if row.trouble:
            missed.setdefault(row.trouble, []).append(row.person)
    return Letters(len(rows), sum(1 for row in rows if row.taken_at), list(missed.items()))
