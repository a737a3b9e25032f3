"""What to fix first: severity, what hangs on the record, and the reports it keeps locked."""

from __future__ import annotations

from collections import defaultdict
from random import Random

import pytest

from accounts.models import Opportunity
from dataquality import reports, subjects
from dataquality.engine import figures
from dataquality.models import Finding
from dataquality.queries import by_priority
from dataquality.services import end_waivers, gate, recheck, settle_findings, take_scores, waive
from dataquality.services.priorities import take_blast_radii, weigh_anew
from tests import make

pytestmark = pytest.mark.django_db
ACCOUNTS, DEALS = subjects.get("accounts.account"), subjects.get("accounts.opportunity")
CONTACTS, ROLES = subjects.get("contacts.contact"), subjects.get("contacts.contactrole")


def weights():
    return {f.record_id: f.priority for f in Finding.objects.all()}


def test_the_record_that_most_others_hang_on_comes_first_and_an_error_before_a_warning(now):
    source = make.source()
    small, big, mild = make.records(make.batch(source, ACCOUNTS), {"name": "a"}, {"name": "b"}, {"name": "c"})
    make.records(make.batch(source, CONTACTS), *[{"account": big}] * 7)
    for record, severity in ((small, "error"), (big, "error"), (mild, "warning")):
        make.finding(record, "phone.format", severity=severity)

    weigh_anew([CONTACTS.slug], source=source, now=now)

    assert weights() == {mild.pk: 1.0, small.pk: 2.0, big.pk: figures.priority("error", 7, 0)}
    assert [f.record_id for f in by_priority(Finding.objects.all())] == [big.pk, small.pk, mild.pk]


def test_what_hangs_on_a_record_is_counted_once_and_through_others_as_a_walk_over_all_pointers_counts_it(now):
    chance, source = Random(7), make.source()
    accounts = make.records(make.batch(source, ACCOUNTS), *({"name": f"a{n}"} for n in range(12)))
    for account in accounts[1:]:
        account.parent = chance.choice([None, *accounts])  # circles as well
        account.save()
    contacts = make.records(make.batch(source, CONTACTS), *({"account": chance.choice(accounts)} for _ in range(20)))
    deals = make.records(make.batch(source, DEALS), *({"account": chance.choice(accounts)} for _ in range(20)))
    roles = make.records(
        make.batch(source, ROLES),
        *({"contact": chance.choice(contacts), "opportunity": chance.choice(deals)} for _ in range(30)),
    )
    gone = make.records(make.batch(source, CONTACTS), {"account": accounts[0], "state": "gone"})
    everything = [*accounts, *contacts, *deals, *roles, *gone]
    hanging = defaultdict(set)
    for record in everything:
        for name in ("parent_id", "account_id", "contact_id", "opportunity_id"):
            target = getattr(record, name, None)
            kind = {"parent_id": "account"}.get(name, name.removesuffix("_id"))
            if target and record.state == "live":
                hanging[kind, target].add((record._meta.model_name, record.pk))
    for account in accounts:
        make.finding(account, "phone.format")

    take_blast_radii(ACCOUNTS, source=source)

    assert {f.record_id: f.blast_radius for f in Finding.objects.all()} == {
        account.pk: len(walk(("account", account.pk), hanging)) for account in accounts
    }


def walk(start, hanging):
    seen, todo = {start}, [start]
    for at in todo:
        new = hanging[at] - seen
        seen |= new
        todo += new
    return seen - {start}


def test_an_error_that_keeps_reports_locked_weighs_more_until_they_open(now):
    source = make.source()
    batch = make.batch(source, DEALS)
    account = make.record(make.batch(source, ACCOUNTS), name="Ahlborn")
    bad, *_good = make.records(batch, *({"stage": "Won", "account": account, "account_ref": "Ahlborn"},) * 20)
    wrong = make.finding(bad, "stage.required")
    other = make.finding(bad, "amount.range", severity="warning")

    take_scores(DEALS, source=source, batch=batch, now=now)

    held_up = len(locked_by("stage", now))
    assert held_up
    wrong.refresh_from_db()
    other.refresh_from_db()
    assert (wrong.priority, other.priority) == (figures.priority("error", 0, held_up), 1.0)

    make.records(batch, *({"stage": "Won", "account": account, "account_ref": "Ahlborn"},) * 200)
    take_scores(DEALS, source=source, batch=batch, now=now)
    wrong.refresh_from_db()
    assert wrong.priority == figures.priority("error", 0, len(locked_by("stage", now))) == 2.0


def locked_by(field, now):
    return [
        report.slug
        for report in reports.every()
        if any(r.table == DEALS.slug and r.field in (None, field) for r in gate(report, now=now).reasons)
    ]


def test_what_is_waived_closed_or_gone_weighs_nothing_and_weighs_again_when_it_opens(staged, now):
    batch = make.batch(make.source(), ACCOUNTS)
    closed, waived, gone = make.records(batch, {}, {}, {})
    for record in (closed, waived, gone):
        make.finding(record, "phone.format", priority=2)
    waive(Finding.objects.filter(record_id=waived.pk), by=make.person(), reason="known", until=now.date(), now=now)
    gone.state = "gone"
    gone.save()

    settle_findings(
        ACCOUNTS, source=batch.source, batch=batch, now=now, faults_table=None, ids_table=staged([closed])[1],
        fields=("phone",),
    )  # fmt: skip
    assert weights() == {closed.pk: 0, waived.pk: 0, gone.pk: 0}

    end_waivers(Finding.objects.filter(record_id=waived.pk), now=now)
    assert weights()[waived.pk] == 2.0


def test_judging_a_table_anew_weighs_what_it_finds(now):
    source = make.source()
    account = make.record(make.batch(source, ACCOUNTS), name="", website="no address")
    deal = make.record(make.batch(source, DEALS), stage="Won", account=account, account_ref=account.external_id)

    recheck(ACCOUNTS, source=source, now=now)

    found = Finding.objects.get(record_id=account.pk, field="website")
    assert (found.blast_radius, Opportunity.objects.get().pk) == (1, deal.pk)
    assert found.priority >= figures.priority("error", 1, 0)
