"""The sample company: what somebody found to be true, which fields were reviewed, and who named people on deals."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from contacts.queries import candidates_of, roles_offered, to_call
from contacts.services import call_role, nobody_yet
from crm_adoption.people.models import Person
from dataquality import subjects
from dataquality.models import FieldSetting, Method, Verification
from dataquality.services.reviewing import review_field
from dataquality.services.verifying import attest, find_wrong

FOUND = (  # table, one record in so many, fields (none: all that are asked for), how, days ago
    ("accounts.account", 2, (), Method.ASKED, 60),
    ("contacts.contact", 3, ("email", "phone"), Method.SERVICE, 120),
    ("contacts.contact", 10, ("mobile",), Method.KNOWN, 110),
)
WRONG, WRONG_AGO = 3, 20  # phones of contacts that somebody else answered, and how many days ago
REVIEWED = (  # table, field, verdict, days ago, days from then to the next look, the four answers
    ("accounts.account", "phone", "keep", 200, 190, (
        "A desk that nobody sits at is typed in to get past the blank field.",
        "The round of calls before an audit reaches nobody.",
        "It may stay blank; the main line is filled in from the letterhead.",
        "Every half year by the round of calls.",
    )),
    ("contacts.contact", "email", "keep", 90, 365, (
        "A private address that was meant for one letter.",
        "Somebody gets at home what they asked for at work.",
        "The form asks for the address of the laboratory.",
        "What comes back is marked the same day.",
    )),
    ("contacts.contact", "mobile", "restrict", 75, 180, (
        "It is rung outside hours.",
        "People stop giving it.",
        "Only the engineer on call sees it.",
        "By its owner, at each visit.",
    )),
)  # fmt: skip
NAMING, DEALS = 3, 2  # people who answered, and deals that each named somebody on


@transaction.atomic
def make_truth(people: dict[str, Person], steward: Person, now: datetime) -> bool:
    """Attest, review and name, unless somebody has begun; says whether it did."""
    if Verification.objects.exists() or FieldSetting.objects.exclude(verdict="").exists():
        return False
    _attested(steward, now)
    _reviewed(steward, now)
    _named(people, now)
    return True


def _attested(steward: Person, now: datetime) -> None:
    for slug, one_in, fields, method, ago in FOUND:
        at, subject = now - timedelta(days=ago), subjects.get(slug)
        known = _known(slug, at).values_list("pk", flat=True)
        attest(subject, list(known)[::one_in], fields=fields, method=method, by=steward, now=at)
    at = now - timedelta(days=WRONG_AGO)
    rung = _known("contacts.contact", at).exclude(phone="").values_list("pk", flat=True)
    find_wrong(
        subjects.get("contacts.contact"), list(rung)[:WRONG], field="phone", method=Method.ASKED, by=steward, now=at
    )


def _known(slug: str, at: datetime) -> QuerySet[Any]:
    records = subjects.get(slug).model._default_manager.live()
    return records.filter(first_batch__taken_at__lte=at).order_by("pk")


def _reviewed(steward: Person, now: datetime) -> None:
    for slug, field, verdict, ago, until, said in REVIEWED:
        day = timezone.localdate(now) - timedelta(days=ago)
        review_field(
            subjects.get(slug), field, verdict=verdict, by=steward, today=day,
            answers=dict(zip(("misuse", "consequence", "prevention", "checks"), said, strict=True)),
            next_review_on=day + timedelta(days=until),
        )  # fmt: skip


def _named(people: dict[str, Person], now: datetime) -> None:
    """Who owns most open deals without a contact named some, and said once that nobody is known yet."""
    today, role = timezone.localdate(now), roles_offered()[0]
    asked = {one: list(to_call(one, today)) for one in people.values()}
    busiest = sorted(asked, key=lambda one: (-len(asked[one]), one.pk))[:NAMING]
    for person in busiest:
        reachable = [deal for deal in asked[person] if candidates_of(deal).exists()][:DEALS]
        for deal in reachable:
            call_role(deal, candidates_of(deal)[0], role=role, by=person)
        rest = [deal for deal in asked[person] if deal not in reachable]
        if rest:
            nobody_yet(rest[0], by=person, today=today)
