"""Confirmed duplicates are wrong records: in the score, the gate, the lists and on the record's page."""

from __future__ import annotations

import random
from datetime import timedelta
from itertools import count

import pytest

from crm_adoption.jobs.models import Job
from crm_adoption.jobs.services import run_here, start
from crm_adoption.kit.access import STEWARD
from dataquality import queries
from dataquality.engine.figures import to_fix, wrong_in_clusters
from dataquality.models import Finding, RuleRow, Score
from dataquality.reports import Footprint, Report, ReportFigures
from dataquality.rules import confirmed_slug
from dataquality.services import count_confirmed, gate, matching, recheck, take_scores, waive
from dataquality.services.merging import merge, undo
from tests import make
from tests.dataquality.matching import makers

pytestmark = pytest.mark.django_db
CONTACTS = makers.CONTACTS


def duplicates() -> set[int]:
    """The records that are wrong because somebody confirmed them as duplicates."""
    found = Finding.objects.open().filter(rule__slug=confirmed_slug(CONTACTS))
    return set(found.values_list("record_id", flat=True))


def table_score(source=None) -> Score:
    found = Score.objects.filter(table=CONTACTS.slug, field="", source=source).first()
    assert found is not None
    return found


def test_all_but_the_oldest_of_a_confirmed_group_are_wrong_and_the_survivor_is_not(now):
    a, b, c, other = makers.people("Ann", "Ann", "Anna", "Bea")
    for one, two in ((a, c), (b, c)):
        matching.judge(makers.pair(one, two), "same", by=make.person(), now=now)
    makers.pair(c, other)  # nobody confirmed it

    count_confirmed(CONTACTS, now=now)

    assert duplicates() == {b.pk, c.pk}
    score = table_score()
    assert (score.rows, score.wrong, score.passes) == (4, 2, False)
    assert score.to_fix == to_fix(2, 4, CONTACTS.limit)
    finding = Finding.objects.open().earliest("pk")
    assert (finding.field, finding.code, finding.severity) == ("", "unique_confirmed", "error")


@pytest.mark.parametrize("seed", range(5))
def test_the_count_is_m_minus_one_of_each_group_whatever_the_pairs_that_chain_it(now, seed):
    draw, run, sources = random.Random(seed), makers.run(), [make.source(), make.source()]
    records = [
        record for source in sources for record in makers.people(*["Ann"] * draw.randrange(3, 12), source=source)
    ]
    groups = {record.pk: {record.pk} for record in records}
    for _ in range(draw.randrange(1, 12)):
        a, b = draw.sample(records, 2)
        if groups[a.pk] is groups[b.pk]:
            continue
        makers.pair(a, b, run=run, state="same", judged_at=now)
        groups[a.pk] |= groups[b.pk]
        for pk in groups[b.pk]:
            groups[pk] = groups[a.pk]

    count_confirmed(CONTACTS, now=now)

    distinct = {min(group): group for group in groups.values()}
    assert len(duplicates()) == wrong_in_clusters(len(group) for group in distinct.values())
    assert duplicates() == {pk for first, group in distinct.items() for pk in group if pk != first}
    of_sources = Score.objects.filter(table=CONTACTS.slug, field="", source__in=sources)  # of those where any is wrong
    assert table_score().wrong == sum(score.wrong for score in of_sources)


def test_a_record_with_another_error_is_counted_once(now):
    a, b = makers.people("Ann", "Ann")
    make.finding(b, "email.format")
    matching.judge(makers.pair(a, b), "same", by=make.person(), now=now)

    count_confirmed(CONTACTS, now=now)

    assert table_score().wrong == 1


def test_an_answer_taken_back_closes_the_finding_and_scores_again(now):
    a, b = makers.people("Ann", "Ann")
    pair = makers.pair(a, b)
    matching.judge(pair, "same", by=make.person(), now=now)
    count_confirmed(CONTACTS, now=now)

    matching.withdraw(pair, now=now)
    counts = count_confirmed(CONTACTS, now=now + timedelta(minutes=1))

    assert counts == {"opened": 0, "closed": 1}
    assert table_score().wrong == 0
    assert count_confirmed(CONTACTS, now=now + timedelta(minutes=2)) == {"opened": 0, "closed": 0}


def test_a_merge_mends_it_and_its_undo_brings_it_back(now):
    a, b = makers.people("Ann", "Ann")
    matching.judge(makers.pair(a, b), "same", by=make.person(), now=now)
    count_confirmed(CONTACTS, now=now)

    made = merge(CONTACTS, [a.pk, b.pk], by=make.person(), now=now)
    recheck(CONTACTS, source=a.source, now=now + timedelta(minutes=1))
    assert duplicates() == set()
    undo(made, by=make.person(), now=now, confirm=True)
    recheck(CONTACTS, source=a.source, now=now + timedelta(minutes=2))

    assert duplicates() == {b.pk}


def test_it_can_be_waived_and_the_rule_can_be_softened_or_switched_off(now):
    a, b = makers.people("Ann", "Ann")
    matching.judge(makers.pair(a, b), "same", by=make.person(), now=now)
    count_confirmed(CONTACTS, now=now)
    waive(
        Finding.objects.open(), by=make.person(), reason="two desks", until=now.date() + timedelta(days=9),
        now=now + timedelta(minutes=1),
    )  # fmt: skip
    assert table_score().wrong == 0

    RuleRow.objects.filter(slug=confirmed_slug(CONTACTS)).update(active=False)

    assert count_confirmed(CONTACTS, now=now + timedelta(minutes=2)) == {"opened": 0, "closed": 1}


def test_a_report_is_locked_by_confirmed_duplicates_and_says_how_many_to_fix(now):
    records = makers.people(*["Ann"] * 20)
    take_scores(CONTACTS, source=records[0].source, batch=None, now=now)
    report = Report(
        slug="people", title="People", question="Who?", footprint=Footprint(tables=(CONTACTS.slug,)),
        figures=lambda **_more: ReportFigures([], n=0, taken_at=None), leaves_out="",
    )  # fmt: skip
    assert not gate(report, now=now).is_locked
    matching.judge(makers.pair(*records[:2]), "same", by=make.person(), now=now)

    count_confirmed(CONTACTS, now=now + timedelta(minutes=1))

    (reason,) = gate(report, now=now).reasons
    assert (reason.field, reason.wrong, reason.rows, reason.to_fix) == (None, 1, 20, 1)


def test_the_table_leads_to_the_rows_and_the_row_to_its_merge(client, now):
    a, b, _c = makers.people("Ann", "Ann", "Bea")
    matching.judge(makers.pair(a, b), "same", by=make.person(), now=now)
    count_confirmed(CONTACTS, now=now)
    client.force_login(make.person(groups=[STEWARD]))

    (problem,) = queries.problems(CONTACTS)
    assert (problem.label, problem.rows) == ("The record", 1)
    table = client.get(CONTACTS.get_absolute_url()).content.decode()
    assert "stands for the same one as another" in table
    rows = client.get(f"/records/{CONTACTS.slug}/?field=&code=unique_confirmed").content.decode()
    assert b.get_absolute_url() in rows
    assert a.get_absolute_url() not in rows
    page = client.get(b.get_absolute_url()).content.decode()
    assert f"/duplicates/merge/?table={CONTACTS.slug}&amp;ids={a.pk},{b.pk}" in page


@pytest.mark.django_db(transaction=True)
def test_an_answer_on_the_page_has_it_counted_by_one_job(client, now):
    a, b = makers.people("Ann", "Ann")
    pair = makers.pair(a, b)
    client.force_login(make.person(groups=[STEWARD]))

    client.post(f"/duplicates/pairs/{pair.pk}/judge/", {"answer": "same"})
    client.post(f"/duplicates/pairs/{pair.pk}/judge/", {"answer": "same"})

    job = Job.objects.get(kind="count_duplicates")
    assert run_here(job).counts == {"opened": 1, "closed": 0}
    assert duplicates() == {b.pk}
    assert not Job.objects.unfinished().filter(kind="count_duplicates").exists()


@pytest.mark.django_db(transaction=True)
def test_an_answer_given_while_it_is_counted_is_counted_next(now, monkeypatch):
    a, b, c = makers.people("Ann", "Ann", "Ann")
    first, second, calls = makers.pair(a, b), makers.pair(b, c), count()
    matching.judge(first, "same", by=make.person(), now=now)

    def and_somebody_answers(subject, *, now):
        counts = count_confirmed(subject, now=now)
        if not next(calls):
            second.state = "same"
            second.save()
        return counts

    monkeypatch.setattr("dataquality.tasks.count_confirmed", and_somebody_answers)
    run_here(start("count_duplicates", scope=CONTACTS.slug))
    run_here(Job.objects.unfinished().get(kind="count_duplicates"))

    assert duplicates() == {b.pk, c.pk}
