"""Pages of use: what they say without a browser, what they refuse, and that nobody sees what is another's."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from crm_adoption.jobs.models import Job
from crm_adoption.jobs.services import run_here, start
from crm_adoption.kit.access import CHAMPION, END_USER, LEAD, SPONSOR
from crm_adoption.usage.models import Capability, EffortRelease, Opinion, UsageDay, UsageImport, UseCase
from dataquality import subjects
from tests import make
from tests.usage import made

pytestmark = pytest.mark.django_db
DEALS = "accounts.opportunity"


@pytest.fixture
def lead(client):
    client.force_login(make.person(groups=[LEAD]))
    return client


def test_a_log_is_read_on_the_page_and_what_did_not_count_is_a_file(lead):
    make.person(email="ada@company.example")
    made.capability(code="reports")
    text = "Email,Date,Feature\nada@company.example,2026-03-02,reports\nnobody@company.example,2026-03-02,reports\n"

    page = lead.post("/usage/imports/new/", {"file": SimpleUploadedFile("log.csv", text.encode())}, follow=True)

    read = UsageImport.objects.get()
    assert page.redirect_chain[-1][0] == read.get_absolute_url()
    assert "Nobody here goes by" in page.content.decode()
    faults = b"".join(lead.get(f"{read.get_absolute_url()}faults.csv").streaming_content).decode()
    assert "nobody@company.example" in faults
    assert UsageDay.objects.count() == 1


def test_a_capability_is_written_down_with_its_words_tables_and_fields(lead):
    role = make.job_role()
    said = {"name": "Keep deals", "code": "deals", "kind": "input", "value": 5, "job_roles": [role.pk],
            "tables": [DEALS], "fields_": f"{DEALS}.stage", "aliases": "Deal saved\nDeal moved",
            "derived": "changed"}  # fmt: skip

    assert lead.post("/usage/capabilities/new/", said).status_code == 302

    kept = Capability.objects.get()
    assert (kept.tables, kept.fields, kept.aliases) == ([DEALS], [f"{DEALS}.stage"], ["Deal saved", "Deal moved"])
    assert list(kept.job_roles.all()) == [role]
    assert f"{DEALS}.stage" in lead.get(f"/usage/capabilities/{kept.pk}/edit/").content.decode()
    refused = lead.post("/usage/capabilities/new/", said | {"name": "Other", "code": "other", "fields_": "x.y"})
    assert (refused.status_code, "is no field of" in refused.content.decode()) == (409, True)


def test_what_people_look_for_is_written_one_a_line(lead):
    role = make.job_role()
    said = {"job_role": role.pk, "name": "Note a visit", "priority": 4, "per_28_days": 8, "dimensions": ["role"],
            "elements": "5 last visit *\n3 open cases"}  # fmt: skip

    assert lead.post("/usage/use-cases/new/", said).status_code == 302

    case = UseCase.objects.get()
    elements = list(case.elements.values_list("name", "importance", "on_screen"))
    assert elements == [("last visit", 5, True), ("open cases", 3, False)]
    assert "5 last visit *" in lead.get(f"/usage/use-cases/{case.pk}/edit/").content.decode()
    wrong = lead.post("/usage/use-cases/new/", said | {"name": "Else", "elements": "much: a map"})
    assert "Line 1: begin with how much it matters" in wrong.content.decode()


def test_a_book_that_owes_an_answer_stays_open_and_says_so(lead):
    release = made.release(name="Spring")
    made.entry(release, clicks_removed=0, clicks_added=2, times_a_week=10)

    page = lead.post(f"/usage/effort/{release.pk}/settle/", follow=True)

    assert "say why, and who answers for it" in page.content.decode()
    assert EffortRelease.objects.get().settled_at is None


def test_lists_are_files_too(lead):
    made.capability(name="Keep deals")
    made.use_case(name="Note a visit")
    made.shadow(name="Loans")
    made.release(name="Spring")
    made.line(name="Fewer calls")

    for place, word in (("capabilities", "Keep deals"), ("use-cases", "Note a visit"), ("shadow-systems", "Loans"),
                        ("effort", "Spring"), ("returns", "Fewer calls")):  # fmt: skip
        sent = lead.get(f"/usage/{place}/?export=csv")
        assert word in b"".join(sent.streaming_content).decode(), place
        assert lead.get(f"/usage/{place}/?export=xlsx").status_code == 200


def test_no_page_of_use_names_anybody(client):
    role = make.job_role()
    people = [make.person(name=f"Ada Lovelace {n}", job_role=role) for n in range(6)]
    capability = made.capability()
    made.use_case(role, capability=capability)
    for person in people:
        made.used(person, capability, timezone.localdate())

    for group in (LEAD, SPONSOR, CHAMPION):
        client.force_login(make.person(groups=[group]))
        for address in ("/usage/", capability.get_absolute_url(), "/usage/use-cases/"):
            assert "Ada Lovelace" not in client.get(address).content.decode()


def test_ones_own_use_is_shown_to_oneself_and_an_opinion_is_ones_own(client):
    role = make.job_role()
    case = made.use_case(role, capability=made.capability(), per_28_days=2)
    me, other = make.person(job_role=role, groups=[END_USER]), make.person(job_role=role)
    made.used(me, case.capability, timezone.localdate())
    made.used(other, case.capability, timezone.localdate(), count=9)
    client.force_login(me)

    page = client.get("/my-use/").content.decode()
    client.post(f"/my-use/{case.pk}/opinion/", {"tap": "4"})
    client.post(f"/my-use/{made.use_case().pk}/opinion/", {"tap": "1"})

    assert "once, 2 expected" in page
    assert list(Opinion.objects.values_list("person", "use_case", "feels")) == [(me.pk, case.pk, 4)]


def test_an_import_of_a_table_whose_use_it_shows_asks_for_the_use_to_be_read(django_capture_on_commit_callbacks):
    made.capability(derived="created", tables=[DEALS])
    source = make.source()

    with django_capture_on_commit_callbacks(execute=True):
        make.batch(source, subjects.get("accounts.account"))
    assert not Job.objects.filter(kind="derive_use").exists()
    with django_capture_on_commit_callbacks(execute=True):
        make.batch(source, subjects.get(DEALS))

    assert Job.objects.filter(kind="derive_use").count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_job_reads_the_use_of_the_records():
    made.capability(derived="created", tables=[DEALS])
    batch = make.batch(make.source(), subjects.get(DEALS))
    make.record(batch, owner=make.person(), created_at=timezone.now())

    job = run_here(start("derive_use"))

    assert (job.state, job.counts) == (Job.State.DONE, {"days": 1})
    assert UsageDay.objects.count() == 1
