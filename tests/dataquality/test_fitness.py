"""Fitness for a use: what the records hold, less what a rule for that use objects to."""

from __future__ import annotations

import random

import pytest

from crm_adoption.kit.access import STEWARD
from dataquality import subjects
from dataquality.models import Finding
from dataquality.queries import scoreboard
from dataquality.services import take_scores
from tests import make

pytestmark = pytest.mark.django_db
CONTACTS, CASES = subjects.get("contacts.contact"), subjects.get("accounts.case")


def fitness(subject, source=None) -> dict[str, tuple[int, int]]:
    """By use: fit records, of how many."""
    score = next(each for each in scoreboard(source) if each.subject is subject)
    return {each.use: (each.fit, each.rows) for each in score.fitness}


def test_any_phone_will_do_but_a_letter_needs_street_and_postcode(now):
    batch = make.batch(make.source(), CONTACTS)
    make.records(
        batch, {"phone": "1"}, {"mobile": "2", "street": "Weg 1"}, {"email": "a@b.example", "postcode": "10115"},
        {"street": "Weg 2", "postcode": "10115"}, {"phone": " "},
    )  # fmt: skip

    take_scores(CONTACTS, source=batch.source, batch=batch, now=now)

    assert fitness(CONTACTS) == {"telephony": (2, 5), "email": (1, 5), "mail": (1, 5)}
    assert fitness(CASES) == {}


def test_an_open_finding_for_the_use_makes_unfit_and_a_waived_one_or_another_use_does_not(now):
    batch = make.batch(make.source(), CONTACTS)
    whole = {"phone": "1", "email": "a@b.example"}
    bad, waived, other, _good = make.records(batch, whole, whole, whole, whole)
    make.finding(bad, "phone.format")
    make.finding(waived, "phone.format", state=Finding.State.WAIVED, waiver_reason="known", waived_until="2099-01-01")
    make.finding(other, "email.format", severity="warning")

    take_scores(CONTACTS, source=batch.source, batch=batch, now=now)

    assert fitness(CONTACTS, batch.source) == {"telephony": (3, 4), "email": (3, 4), "mail": (0, 4)}


@pytest.mark.parametrize("seed", range(3))
def test_all_sources_together_are_the_sum_of_each(now, seed):
    draw, sources = random.Random(seed), [make.source(), make.source()]
    for source in sources:
        batch = make.batch(source, CONTACTS)
        fields = ("phone", "mobile", "email", "street", "postcode")
        for _ in range(draw.randrange(5, 25)):
            made = make.record(batch, **{name: draw.choice(["", "1"]) for name in fields},
                               state=draw.choice(["live", "live", "gone"]))  # fmt: skip
            if draw.random() < 0.4:
                make.finding(made, draw.choice(["phone.format", "email.format", "postcode.format"]))
    for source in sources:
        take_scores(CONTACTS, source=source, batch=None, now=now)

    whole, parts = fitness(CONTACTS), [fitness(CONTACTS, source) for source in sources]

    assert whole == {use: (sum(p[use][0] for p in parts), sum(p[use][1] for p in parts)) for use in whole}
    kinds: dict[str, list[tuple[str, ...]]] = {
        "telephony": [("phone", "mobile")], "email": [("email",)], "mail": [("street",), ("postcode",)],
    }  # fmt: skip
    for use, needed in kinds.items():
        by_hand = [
            all(any(getattr(record, name) for name in names) for names in needed)
            and not Finding.objects.open().filter(record_id=record.pk, rule__uses__contains=[use]).exists()
            for record in CONTACTS.model.objects.live()
        ]
        assert whole[use] == (sum(by_hand), len(by_hand))


def test_the_table_shows_it_and_the_api_says_it(client, now):
    batch = make.batch(make.source(), CONTACTS)
    make.records(batch, {"phone": "1"}, {"phone": "2"}, {"phone": "3"}, {})
    take_scores(CONTACTS, source=batch.source, batch=batch, now=now)
    client.force_login(make.person(groups=[STEWARD]))

    page = client.get(CONTACTS.get_absolute_url()).content.decode()
    board = client.get("/api/v1/scoreboard/").json()

    assert "What the records are fit for" in page
    assert "75" in page
    told = next(table for table in board if table["table"] == CONTACTS.slug)
    assert {"use": "telephony", "rows": 4, "fit": 3} in told["fitness"]
