"""Duplicates over the API: pairs in their orders, answers, clusters, detections, bulk acceptance."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from crm_adoption.jobs.models import Job
from crm_adoption.jobs.services import run_here
from dataquality.models import Batch, KeyIndex, MatchRun, Pair, TableSetting
from dataquality.queries.matching import wants_detection
from dataquality.tasks import ask_for_detection
from tests import make
from tests.dataquality.matching import makers

pytestmark = pytest.mark.django_db
in_commits = pytest.mark.django_db(transaction=True)
TABLE = makers.CONTACTS.slug


@pytest.fixture
def api(client):
    """A steward's session: api(path) gets, api(path, body) posts; the answer's status and body."""
    client.force_login(make.person(groups=["data steward"]))

    def ask(path, body=None):
        address = path if path.startswith("http") else f"/api/v1/{path}"
        answer = (
            client.get(address)
            if body is None
            else client.post(address, json.dumps(body), content_type="application/json")
        )
        return answer.status_code, answer.json()

    return ask


def three_pairs():
    run, (a, b, c, d) = makers.run(), makers.people(*["Ann"] * 4)
    return (
        makers.pair(a, b, 0.97, run=run),
        makers.pair(b, c, 0.5, run=run, blast_radius=3),
        makers.pair(c, d, 0.9, run=run, blast_radius=7, state="later"),
    )


def listed(answer):
    return [row["id"] for row in answer[1]["results"]]


def test_pairs_are_listed_by_probability_by_reach_and_by_what_an_answer_teaches(api):
    sure, even, weighty = three_pairs()

    assert listed(api(f"pairs/?table={TABLE}")) == [sure.pk, weighty.pk, even.pk]
    assert listed(api(f"pairs/?table={TABLE}&order=priority")) == [weighty.pk, even.pk, sure.pk]
    assert listed(api(f"pairs/?table={TABLE}&order=learning&state=open")) == [even.pk, sure.pk]
    assert listed(api("pairs/?at_least=0.95")) == [sure.pk]
    assert listed(api("pairs/?table=accounts.account")) == []


def test_pages_of_pairs_follow_by_key(api):
    pairs = three_pairs()

    first = api("pairs/?page_size=2")
    second = api(first[1]["next"])

    assert listed(first) + listed(second) == [pair.pk for pair in (pairs[0], pairs[2], pairs[1])]


def test_a_misspelt_parameter_is_refused(api):
    assert api("pairs/?tabel=x")[0] == 400


def test_one_pair_shows_both_records_and_the_evidence(api, now):
    makers.made_up(150)
    from dataquality.services import matching

    matching.detect(makers.CONTACTS, now=now)
    pair = Pair.objects.order_by("-probability")[0]

    code, said = api(f"pairs/{pair.pk}/")

    assert code == 200
    assert sum(step["bits"] for step in said["evidence"]) == pytest.approx(pair.weight, abs=0.01)
    assert {"field", "label", "a", "b", "same"} == set(said["sides"][0])


def test_pairs_are_judged_put_aside_and_opened_again(api):
    pair = makers.pair(*makers.people("Ann", "Ann"))

    assert api(f"pairs/{pair.pk}/later/", {})[1]["state"] == "later"
    assert api(f"pairs/{pair.pk}/judge/", {"verdict": "same", "reason": "one desk"})[1]["state"] == "same"
    assert api(f"pairs/{pair.pk}/withdraw/", {})[1]["state"] == "open"
    assert api(f"pairs/{pair.pk}/judge/", {"verdict": "perhaps"})[0] == 400
    assert api(f"pairs/{pair.pk}/withdraw/", {})[0] == 409


def test_clusters_are_listed_shown_and_split(api):
    a, b, c = makers.people(*["Ann"] * 3)
    makers.pair(a, b), makers.pair(b, c), makers.pair(a, c)
    number = makers.cluster(a, b, c)

    assert api(f"clusters/{TABLE}/")[1]["results"] == [{"cluster_id": number, "size": 3}]
    code, shown = api(f"clusters/{TABLE}/{number}/")
    assert (code, shown["records"], len(shown["pairs"])) == (200, [a.pk, b.pk, c.pk], 3)
    assert api(f"clusters/{TABLE}/{number}/split/", {"records": [c.pk]}) == (200, {"judged": 2})
    assert makers.clusters() == {number: {a.pk, b.pk}}
    assert api(f"clusters/{TABLE}/{c.pk}/")[0] == 404


def test_pairs_are_accepted_in_bulk_after_a_sample(api):
    run, records = makers.run(), makers.people(*["Ann"] * 8)
    for one, other in zip(records[::2], records[1::2], strict=True):
        makers.pair(one, other, run=run)

    code, drawn = api("acceptances/", {"table": TABLE, "above": 0.9, "n": 2})
    assert (code, len(drawn["sample"]), drawn["precision"]["open"]) == (201, 2, 2)
    assert api(f"acceptances/{drawn['id']}/accept/", {})[0] == 409
    for pk in drawn["sample"]:
        api(f"pairs/{pk}/judge/", {"verdict": "same"})
    assert api(f"acceptances/{drawn['id']}/accept/", {"least": 0.9})[1]["errors"][0]["code"] == "too_unsure"
    assert api(f"acceptances/{drawn['id']}/accept/", {})[1]["accepted"] == 2
    assert api(f"acceptances/{drawn['id']}/")[1]["precision"]["same"] == 2


@in_commits
def test_a_detection_is_started_followed_and_listed(api):
    makers.made_up(80)

    code, job = api("match-runs/", {"table": TABLE})
    done = run_here(Job.objects.get(pk=job["id"]))

    assert (code, done.state, done.counts["rows"]) == (202, "done", 80)
    (run,) = api(f"match-runs/?table={TABLE}")[1]["results"]
    assert (run["rows"], run["kind"], run["job"]) == (80, "full", job["id"])
    keys = Job.objects.unfinished().get(kind="keep_keys", scope=TABLE)
    assert run_here(keys).counts["keys"] == KeyIndex.objects.get().keys > 0


def test_a_table_beside_itself_is_refused(api):
    assert api("match-runs/", {"table": TABLE, "beside": TABLE})[0] == 409


@in_commits
def test_an_applied_import_is_followed_by_a_look_for_duplicates_unless_switched_off():
    def apply(text, name):
        batch = make.checked(text, name=name, table="contact")
        run_here(Job.objects.create(kind="apply_batch", scope=str(batch.pk), queue="bulk"))
        assert Batch.objects.get(pk=batch.pk).state == "applied"

    apply("Contact ID,First Name,Last Name\nC-1,Ann,Lee\n", "one.csv")
    asked = list(Job.objects.filter(kind="detect_duplicates").values_list("scope", flat=True))
    Job.objects.all().delete()
    TableSetting.objects.create(table=TABLE, detect_after_import=False)
    apply("Contact ID,First Name,Last Name\nC-2,Ben,Lee\n", "two.csv")

    assert asked == [f"{TABLE} - changes"]
    assert not Job.objects.filter(kind="detect_duplicates").exists()


def test_at_night_the_tables_of_people_and_companies_are_looked_through():
    ask_for_detection()

    scopes = set(Job.objects.filter(kind="detect_duplicates").values_list("scope", flat=True))
    assert scopes == {f"{slug} - changes" for slug in ("accounts.account", "contacts.contact", "contacts.lead")}
    assert wants_detection(makers.ACCOUNTS)


def test_the_command_looks_for_duplicates_and_keeps_keys():
    makers.made_up(80)
    out = StringIO()

    call_command("detect_duplicates", "contacts", "--json", stdout=out)

    said = json.loads(out.getvalue())
    assert (said["table"], said["rows"], said["pairs"]) == (TABLE, 80, Pair.objects.count())
    assert KeyIndex.objects.get().run == MatchRun.objects.get()


def test_the_command_names_the_tables_there_are():
    with pytest.raises(CommandError, match="known tables are"):
        call_command("detect_duplicates", "nothing")


def test_a_rule_is_kept_tried_published_and_withdrawn(api):
    makers.run()
    makers.people("Ann Lee", "ann lee", "Ben Ott")
    rule = {"table": TABLE, "name": "Same name", "criteria": [{"column": "full_name", "how": "exact"}]}

    code, made = api("match-rules/", rule)
    tried = api(f"match-rules/{made['id']}/try/")

    assert (code, made["published"]) == (201, False)
    assert tried == (200, {"name": "Same name", "pairs": 1, "adds": 1, "largest": 2})
    assert api("match-rules/", rule)[0] == 409
    assert api("match-rules/", rule | {"criteria": [{"column": "shoe", "how": "exact"}]})[0] == 409
    assert api(f"match-rules/{made['id']}/publish/", {}) == (200, {"pairs": 1})
    assert Pair.objects.get().rule == "Same name"
    assert api(f"match-rules/{made['id']}/withdraw/", {}) == (200, {"pairs": 1})
    assert not Pair.objects.exists()
