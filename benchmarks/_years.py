"""What years of use would have left in the plan of the sample company, written down at once; the same from a seed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random
from typing import Any

PULSE_EVERY = 91  # days
ANSWERING = 0.6  # of the people asked
VOICES, MESSAGES, ACTS = 2_000, 150, 120
JOBS_A_NIGHT = ("take_readings", "find_duplicates", "remind_reinforcement")
DRIFT = 0.02  # of a figure's width, from one night to the next


class Years:
    """Nights before `now`, for a company of that many people; `written` counts the rows by what they are."""

    def __init__(self, now: datetime, days: int, people: int) -> None:
        self.now, self.days, self.size, self.dice = now, days, people, Random(days)
        self.written: dict[str, int] = {}

    def write(self) -> None:
        """Everything, and the planner's statistics after it."""
        from django.db import connection

        self._people()
        for name, rows in (
            ("readings", self._readings()), ("scores", self._scores()), ("claims", self._claims()),
            ("messages", self._messages()), ("acts of leaders", self._acts()), ("voices", self._voices()),
            ("completions", self._completions()), ("forecasts", self._forecasts()), ("jobs", self._jobs()),
        ):  # fmt: skip
            self._keep(name, rows)
        self._date_voices()
        self._pulses()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def _keep(self, name: str, rows: Iterable[Any]) -> None:
        made = list(rows)
        if made:
            type(made[0]).objects.bulk_create(made, batch_size=5_000, ignore_conflicts=True)
        self.written[name] = len(made)

    def _night(self, ago: int) -> datetime:
        return self.now - timedelta(days=ago)

    def _walk(self, low: float, high: float, last: float) -> list[float]:
        """A figure of every night, the oldest first, that ends near where it is now."""
        found, value, step = [], last, (high - low) * DRIFT
        for _night in range(self.days):
            value = min(high, max(low, value + self.dice.gauss(0, step)))
            found.append(value)
        return found[::-1]

    def _people(self) -> None:
        from crm_adoption.people.models import Person
        from training.services import enrol

        known = list(Person.objects.exclude(job_role=None).select_related("team", "job_role"))
        more = [
            Person(name=f"Person {n:03}", email=f"person.{n}@bench.example", team=like.team, job_role=like.job_role,
                   password="!", started_on=self._night(self.dice.randrange(self.days)).date())
            for n in range(self.size - Person.objects.count())
            for like in [self.dice.choice(known)]
        ]  # fmt: skip
        Person.objects.bulk_create(more)
        enrol(self.now.date())
        self.written["people"] = Person.objects.count()

    def _readings(self) -> Iterable[Any]:
        from crm_adoption.plan.ingredients import CHECKS
        from crm_adoption.plan.models import Reading

        latest = {one.check_slug: one for one in Reading.objects.newest_of(list(CHECKS), self.now)}
        for slug, check in CHECKS.items():
            low, high = sorted((check.floor, check.target))
            newest = latest.get(slug)
            values = self._walk(low, high, newest.value if newest else (low + high) / 2)
            for ago, value in zip(range(self.days, 0, -1), values, strict=True):
                at = self._night(ago)
                yield Reading(check_slug=slug, value=value, n=newest.n if newest else 40, at=at, taken_on=at.date())

    def _scores(self) -> Iterable[Any]:
        from dataquality.models import Score

        latest = Score.objects.order_by("table", "field", "source_id", "-taken_at")
        for newest in latest.distinct("table", "field", "source_id"):
            known = {name: getattr(newest, name) for name in ("source_id", "table", "field", "limit", "strict")}
            if newest.rate is None:
                continue
            for ago, rate in zip(range(self.days, 0, -1), self._walk(0.0, 0.3, newest.rate), strict=True):
                wrong = round(rate * newest.rows)
                yield Score(rows=newest.rows, wrong=wrong, rate=rate, passes=rate < newest.limit,
                            to_fix=max(0, wrong - int(float(newest.limit) * newest.rows)), taken_at=self._night(ago),
                            **known)  # fmt: skip

    def _claims(self) -> Iterable[Any]:
        from crm_adoption.people.models import Person
        from crm_adoption.plan.models import Claim, Ingredient

        people = list(Person.objects.active())
        for ingredient in Ingredient.objects.all():
            for person in people:
                yield Claim(ingredient=ingredient, respondent=person, score=self.dice.randint(1, 5),
                            at=self._night(self.dice.randrange(1, self.days)))  # fmt: skip

    def _pulses(self) -> None:
        from crm_adoption.people.models import Person
        from crm_adoption.plan.models import Pulse, PulseAnswer, PulseItem, PulseTicket
        from crm_adoption.plan.pulse_items import ITEMS

        people, tickets, answers = list(Person.objects.active()), [], []
        for ago in range(self.days, PULSE_EVERY, -PULSE_EVERY):
            day = self._night(ago).date()
            pulse = Pulse.objects.create(name=f"Pulse of {day}", opens_on=day, closes_on=day + timedelta(days=10))
            items = PulseItem.objects.bulk_create(
                PulseItem(pulse=pulse, position=place, slug=slug, ingredient_slug=of, sentence=str(sentence))
                for place, (slug, of, sentence) in enumerate(ITEMS)
            )
            for person in people:
                used = self.dice.random() < ANSWERING
                tickets.append(PulseTicket(pulse=pulse, person=person, used=used))
                answers += [
                    PulseAnswer(item=item, score=self.dice.randint(1, 5), team_id=person.team_id,
                                job_role_id=person.job_role_id, on=day)
                    for item in items if used
                ]  # fmt: skip
        self._keep("tickets of pulses", tickets)
        self._keep("answers to pulses", answers)

    def _messages(self) -> Iterable[Any]:
        from crm_adoption.people.models import JobRole
        from crm_adoption.plan.models import Message, Moment, Phase
        from crm_adoption.plan.queries.communication import leaders

        leading, phases, roles = list(leaders()), list(Phase.objects.all()), list(JobRole.objects.all())
        for n in range(MESSAGES):
            audience = self.dice.choice((Message.Audience.EXECUTIVES, Message.Audience.ROLE))
            four = {name: self.dice.random() < 0.5 for name in ("has_timeline", "has_roles", "has_vision")}
            yield Message(subject=f"News {n}", body="What is new.", audience=audience, leader=self.dice.choice(leading),
                          job_role=self.dice.choice(roles) if audience == Message.Audience.ROLE else None,
                          moment=self.dice.choice(Moment.values), phase=self.dice.choice(phases), state="sent",
                          sent_at=self._night(self.dice.randrange(1, self.days)), reach=40, **four)  # fmt: skip

    def _acts(self) -> Iterable[Any]:
        from crm_adoption.plan.models import LeaderAct, Moment
        from crm_adoption.plan.queries.communication import leaders

        leading = list(leaders())
        for _n in range(ACTS):
            yield LeaderAct(kind=self.dice.choice(LeaderAct.Kind.values), moment=self.dice.choice(Moment.values),
                            leader=self.dice.choice(leading), evidence="Was there.",
                            on=self._night(self.dice.randrange(1, self.days)).date())  # fmt: skip

    def _voices(self) -> Iterable[Any]:
        from crm_adoption.people.models import Person
        from crm_adoption.plan.models import Feedback

        people = list(Person.objects.active())
        for n in range(VOICES):
            person, at = self.dice.choice(people), self._night(self.dice.randrange(8, self.days))
            answered = n % 20 != 0
            kind = self.dice.choice(Feedback.Kind.values)
            yield Feedback(kind=kind, raised_by=person, team_id=person.team_id,
                           job_role_id=person.job_role_id, text=f"What I find, {n}.",
                           state="answered" if answered else "open", answer="Thank you." if answered else "",
                           answered_by=self.dice.choice(people) if answered else None,
                           answered_at=at if answered else None)  # fmt: skip

    def _date_voices(self) -> None:
        """Those with an answer were raised before it; the others just now."""
        from django.db.models import F

        from crm_adoption.plan.models import Feedback

        answered = Feedback.objects.filter(text__startswith="What I find", answered_at__isnull=False)
        answered.update(created_at=F("answered_at") - timedelta(days=3))

    def _completions(self) -> Iterable[Any]:
        from training.models import Completion, Enrolment

        for asked in Enrolment.objects.open().select_related("course"):
            if self.dice.random() < 0.8:
                at = self._night(self.dice.randrange(1, self.days))
                yield Completion(person_id=asked.person_id, course=asked.course, course_version=asked.course.version,
                                 completed_at=at, done_at=at, exit_score=0.9, exit_at=at, via="csv")  # fmt: skip

    def _forecasts(self) -> Iterable[Any]:
        from crm_adoption.plan.models import GateForecast, Phase
        from crm_adoption.plan.services.gates import AHEAD

        for phase in Phase.objects.filter(state__in=(Phase.State.DRAFT, Phase.State.APPROVED)):
            for ago in range(self.days, 0, -1):
                made = self._night(ago).date()
                for ahead in AHEAD:
                    due = ahead <= ago
                    yield GateForecast(gate=f"phase:{phase.pk}", made_on=made, about=made + timedelta(days=ahead),
                                       probability=self.dice.random(), planned=float(self.dice.random() < 0.5),
                                       opened=self.dice.random() < 0.3 if due else None)  # fmt: skip

    def _jobs(self) -> Iterable[Any]:
        from crm_adoption.jobs.models import Job

        for ago in range(self.days, 0, -1):
            at = self._night(ago)
            for kind in JOBS_A_NIGHT:
                yield Job(kind=kind, state=Job.State.DONE, attempts=1, started_at=at, finished_at=at)
