"""Days of use: from logs, from programs, and from the mirrored records; said twice, they count once."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from crm_adoption.kit.errors import Refusal
from crm_adoption.usage import services
from crm_adoption.usage.models import UsageDay, Via
from crm_adoption.usage.services import Use
from dataquality import subjects
from dataquality.models import Identity, Version
from tests import make
from tests.usage import made

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
DEALS = "accounts.opportunity"


def read(text, **more):
    known = {"name": "log.csv", "by": None, "now": NOW, "zone": ZoneInfo("UTC")}
    return services.import_use(io.BytesIO(text.encode()), **known | more)


def said():
    return set(UsageDay.objects.values_list("person__name", "capability__code", "day", "count"))


def test_an_audit_log_counts_each_person_capability_and_day_once_however_often_it_is_read():
    ada = make.person(name="Ada", email="ada@company.example")
    made.capability(name="Reports", code="reports", aliases=["Report exported"])
    text = "User,Date,Action\nADA@company.example,2026-03-02,Report exported\nada@company.example,2026-03-02,reports\n"

    first, again = read(text), read(text)

    assert said() == {("Ada", "reports", date(2026, 3, 2), 2)}
    assert (first.counts["used"], first.counts["changed"], again.counts["changed"]) == (2, 1, 0)
    assert ada.pk == UsageDay.objects.get().person_id


def test_what_cannot_be_used_is_named_with_its_row_and_words_nobody_knows_are_counted():
    make.person(name="Ada", email="ada@company.example")
    made.capability(code="reports")
    rows = ["nobody@company.example,2026-03-02,reports,1", "ada@company.example,soon,reports,1",
            "ada@company.example,2027-01-02,reports,1", "ada@company.example,2026-03-03,polish,1",
            "ada@company.example,2026-03-03,polish,2", "ada@company.example,2026-03-03,reports,none"]  # fmt: skip

    read_file = read("\n".join(["Email,Date,Feature,Count", *rows]))

    assert said() == set()
    assert [row for row, _value, _sentence in read_file.faults] == [2, 3, 4, 7]
    assert "nobody@company.example" in read_file.faults[0][2]
    assert read_file.unknown == {"polish": 2}


def test_logins_say_that_somebody_was_there_and_a_crm_id_or_name_tells_who():
    ada, ben = make.person(name="Ada", email=None), make.person(name="Ben", email=None)
    source = make.source()
    Identity.objects.create(source=source, external_id="005A", name="A. Lovelace", person=ada)
    Identity.objects.create(source=source, external_id="005B", name="Ben", person=ben)

    read("Username,Login Time\n005a,2026-03-02 08:00\nBen,2026-03-02 09:30\nBen,2026-03-02 15:00\n", logins=True)

    assert said() == {("Ada", None, date(2026, 3, 2), 1), ("Ben", None, date(2026, 3, 2), 2)}


def test_a_file_that_lacks_who_when_or_what_is_refused_with_its_headings():
    with pytest.raises(Refusal, match="which day it was; its headings are Email, Feature"):
        read("Email,Feature\na@company.example,x\n")
    with pytest.raises(Refusal, match="what was used"):
        read("Email,Date\na@company.example,2026-03-02\n")


def test_the_larger_count_is_kept_and_a_log_takes_the_place_of_the_mirror():
    person, capability = make.person(), made.capability()
    day = date(2026, 3, 2)
    UsageDay.objects.create(person=person, capability=capability, day=day, count=9, via=Via.MIRROR)

    for count in (4, 6, 5):
        services.record_use([Use(person.pk, capability.pk, day, count)], via=Via.API)

    row = UsageDay.objects.get()
    assert (row.count, row.via) == (6, "api")


def test_records_created_show_use_without_any_log_and_again_changes_nothing():
    ada, ben = make.person(name="Ada"), make.person(name="Ben")
    batch = make.batch(make.source(), subjects.get(DEALS))
    morning, evening = datetime(2026, 3, 2, 8, tzinfo=UTC), datetime(2026, 3, 2, 18, tzinfo=UTC)
    make.records(batch, {"owner": ada, "created_at": morning}, {"owner": ada, "created_at": evening},
                 {"owner": ben, "created_at": datetime(2020, 1, 1, 8, tzinfo=UTC)},
                 {"owner": None, "created_at": morning},
                 {"owner": ben, "created_at": datetime(2026, 4, 1, tzinfo=UTC)})  # fmt: skip
    made.capability(code="deals", derived="created", tables=[DEALS])
    expected = {("Ada", "deals", date(2026, 3, 2), 2), ("Ben", "deals", date(2020, 1, 1), 1)}

    for _ in range(2):
        services.derive_use(today=made.TODAY)
        assert said() == expected


def test_changes_count_where_they_are_asked_for_and_by_field_from_the_history():
    ada = make.person(name="Ada")
    batch = make.batch(make.source(), subjects.get(DEALS), taken_at=datetime(2026, 3, 10, 7, tzinfo=UTC))
    deal = make.record(batch, owner=ada, created_at=datetime(2026, 3, 1, tzinfo=UTC),
                       modified_at=datetime(2026, 3, 9, 10, tzinfo=UTC))  # fmt: skip
    Version.objects.create(table=DEALS, record_id=deal.pk, batch=batch, changed={
        "stage": ["a", "b"], "modified_at": ["2026-03-05T10:00:00+00:00", "2026-03-09T10:00:00+00:00"]})  # fmt: skip
    Version.objects.create(table=DEALS, record_id=deal.pk, batch=batch, changed={"name": ["a", "b"]})
    made.capability(code="all", derived="changed", tables=[DEALS])
    made.capability(code="stage", derived="changed", tables=[DEALS], fields=[f"{DEALS}.stage"])
    made.capability(code="name", derived="changed", tables=[DEALS], fields=[f"{DEALS}.name"])

    services.derive_use(today=made.TODAY)

    by_code: dict[str, set[int]] = {}
    for _name, code, day, _count in said():
        by_code.setdefault(code, set()).add(day.day)
    assert by_code == {"all": {1, 5, 9}, "stage": {1, 9}, "name": {1, 10}}


def test_a_capability_names_tables_and_fields_there_are_and_words_of_its_own():
    made.capability(name="Reports", code="reports", aliases=["Export"])

    with pytest.raises(Refusal, match="no table “accounts"):
        made.capability(tables=["accounts.boat"])
    with pytest.raises(Refusal, match="is no field of"):
        made.capability(tables=[DEALS], fields=["accounts.account.name"])
    with pytest.raises(Refusal, match="stands for “Reports”"):
        made.capability(name="EXPORT")
    with pytest.raises(Refusal, match="in which tables"):
        made.capability(derived="created")


def test_what_is_no_longer_derived_leaves_no_use_behind():
    batch = make.batch(make.source(), subjects.get(DEALS))
    make.record(batch, owner=make.person(), created_at=datetime(2026, 3, 1, tzinfo=UTC))
    capability = made.capability(derived="created", tables=[DEALS])
    services.derive_use(today=made.TODAY)
    assert UsageDay.objects.count() == 1

    capability.derived = ""
    services.save_capability(capability)

    assert not UsageDay.objects.exists()
