"""A spreadsheet held against the CRM, and the way of a shadow system from found to retired."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import pytest

from crm_adoption.kit.errors import Refusal
from crm_adoption.usage import queries, services
from crm_adoption.usage.models import ShadowSystem, XRay
from dataquality import subjects
from tests import make
from tests.usage import made
from tests.usage.made import TODAY

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
CONTACTS = "contacts.contact"
SHEET = """Full Name,Email,City,Hobby,Last updated
Ada Müller,ADA@lab.example,Ulm,Chess,2026-03-19
ben  o'hara,,Genf,,2026-03-01
Cy Unknown,cy@lab.example,Bern,,2026-01-01
"""


@pytest.fixture
def contacts():
    batch = make.batch(make.source(), subjects.get(CONTACTS))
    changed = datetime(2026, 2, 1, 12, tzinfo=UTC)
    make.records(
        batch,
        {"full_name": "A. Mueller", "email": "ada@lab.example", "city": "ULM", "modified_at": changed},
        {"full_name": "Ben OHara", "email": "ben@lab.example", "city": "Geneva", "created_at": changed},
        {"full_name": "Gone", "email": "cy@lab.example", "state": "archived"},
    )
    return batch


def x_ray(text=SHEET, shadow=None, **more):
    kept = shadow or made.shadow(table=CONTACTS)
    return services.take_x_ray(kept, io.BytesIO(text.encode()), name="my list.csv", by=None, now=NOW, **more)


def test_an_x_ray_says_which_rows_and_columns_the_crm_knows_and_what_it_says_otherwise(contacts):
    seen = x_ray()

    assert (seen.rows, seen.found, seen.unknown) == (3, 2, 1)
    assert seen.missing_in_crm == ["Hobby", "Last updated"]
    assert seen.compared["City"] == [2, 1]
    assert (seen.edited_on, seen.crm_edited_on, seen.is_fresher) == (date(2026, 3, 19), date(2026, 2, 1), True)


def test_nothing_of_the_sheet_stays_but_headings_counts_and_salted_hashes(contacts, settings):
    seen = x_ray()
    kept = str({field.name: getattr(seen, field.name) for field in XRay._meta.concrete_fields})

    for word in ("ada@lab", "Müller", "Ulm", "Chess"):
        assert word not in kept
    assert len(seen.keys) == 3 * len(seen.key_columns)
    before = list(seen.keys)
    settings.SECRET_KEY = "another install"
    assert set(before) & set(x_ray().keys) == {0}


def test_the_same_rows_are_looked_for_again_without_the_file(contacts):
    seen = x_ray()
    make.record(contacts, full_name="Cy Unknown", email="cy@lab.example", modified_at=datetime(2026, 3, 20, tzinfo=UTC))

    services.look_again(seen, now=NOW)

    assert (seen.found, seen.is_fresher, seen.looked_again_at) == (3, False, NOW)


def test_the_table_is_found_by_the_headings_where_nobody_said_it(contacts):
    shadow = made.shadow()

    x_ray(shadow=shadow)

    assert shadow.table == CONTACTS


def test_a_day_that_is_said_is_believed_before_the_days_in_the_sheet(contacts):
    assert x_ray(edited_on=date(2026, 1, 5)).edited_on == date(2026, 1, 5)


def test_a_sheet_without_anything_to_find_a_row_by_is_refused():
    with pytest.raises(Refusal, match="no column by which its rows could be found in Contacts"):
        x_ray("City,Hobby\nUlm,Chess\n")


def test_a_shadow_system_is_understood_with_a_reason_and_retired_with_proof(contacts):
    shadow = made.shadow(table=CONTACTS, why="", state="found")
    shadow.state = "understood"
    with pytest.raises(Refusal, match="Say why"):
        services.save_shadow(shadow)
    shadow.why = "It sorts by hobby."
    services.save_shadow(shadow)

    with pytest.raises(Refusal, match="No sheet of"):
        services.retire_shadow(shadow, because="", on=TODAY)
    seen = x_ray(shadow=shadow)
    with pytest.raises(Refusal, match="1 row of"):
        services.retire_shadow(shadow, because="", on=TODAY)
    make.record(contacts, full_name="Cy Unknown", email="cy@lab.example", modified_at=datetime(2026, 3, 1, tzinfo=UTC))
    services.look_again(seen, now=NOW)
    with pytest.raises(Refusal, match="was edited after"):
        services.retire_shadow(shadow, because="", on=TODAY)
    shadow = services.retire_shadow(shadow, because="The file is write-protected.", on=TODAY)

    assert (shadow.state, shadow.retired_on) == ("retired", TODAY)
    assert list(ShadowSystem.objects.alive()) == []
    seen.refresh_from_db()
    assert (seen.keys, seen.found) == ([], 3)


def test_living_ones_are_counted_and_nobody_having_looked_is_no_evidence():
    assert queries.living() is None
    made.shadow()
    gone = made.shadow()

    services.retire_shadow(gone, because="Deleted by its owner.", on=TODAY)

    assert queries.living() == 1
