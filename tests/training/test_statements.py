"""xAPI statements: each counts once, in whatever order, and what cannot count is refused with its reason."""

from __future__ import annotations

import hashlib
import random
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from crm_adoption.kit.access import ANALYST, INTEGRATION
from dataquality import subjects
from tests import make
from tests.training import made
from training import services, xapi
from training.models import Completion, Course, Statement

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
ADDRESS = "/api/v1/xapi/statements/"
HEADERS = {"HTTP_X_EXPERIENCE_API_VERSION": "1.0.3"}


def statement(person: Any, course: Any, verb: str = "completed", *, at: datetime = NOW, **more: Any) -> dict[str, Any]:
    score = more.pop("score", None)
    said: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "actor": {"mbox": f"mailto:{person.email}"},
        "verb": {"id": f"http://adlnet.gov/expapi/verbs/{verb}"},
        "object": {"id": course.activity_id},
        "timestamp": at.isoformat(),
    }
    if score is not None:
        said["result"] = {"score": {"scaled": score}}
    return said | more


@pytest.fixture
def course() -> Course:
    return made.course(activity_id="https://lms.example/quotation", mastery=0.8)


def store(*said: Any, **more: Any) -> services.Outcome:
    return services.store_statements(list(said), by=None, now=NOW + timedelta(days=1), **more)


def reason(said: Any) -> tuple[str, str]:
    with pytest.raises(services.NothingStored) as nothing:
        store(said)
    refused = nothing.value.outcome.refused[0]
    assert refused.sentence.endswith((".", "!"))
    return refused.code, refused.sentence


# --- what counts --------------------------------------------------------------------------------------------------
def test_completed_passed_and_failed_count_and_other_verbs_are_let_pass(course):
    person = make.person()
    outcome = store(
        statement(person, course),
        statement(person, course, "failed", score=0.5, at=NOW + timedelta(hours=1)),
        statement(person, course, "passed", score=0.9, at=NOW + timedelta(hours=2)),
        statement(person, course, "experienced"),
    )

    completion = Completion.objects.get()
    assert outcome.counts == {"stored": 3, "repeated": 0, "ignored": 1, "refused": 0}
    assert len(outcome.ids) == 4
    assert completion.completed_at == completion.done_at == NOW
    assert completion.exit_score == 0.9
    assert completion.passed_at == NOW + timedelta(hours=2)


@pytest.mark.parametrize(
    ("move_on", "verbs", "done"),
    [
        ("Completed", ("completed",), True), ("Completed", ("passed",), False), ("Passed", ("completed",), False),
        ("Passed", ("passed",), True), ("CompletedAndPassed", ("completed",), False),
        ("CompletedAndPassed", ("passed", "completed"), True), ("CompletedOrPassed", ("passed",), True),
        ("CompletedOrPassed", ("failed",), False), ("NotApplicable", ("failed",), True),
    ],
)  # fmt: skip
def test_a_course_is_done_when_its_move_on_criterion_is_met(course, move_on, verbs, done):
    Course.objects.update(move_on=move_on)
    person = make.person()

    store(*(statement(person, course, verb) for verb in verbs))

    assert (Completion.objects.get().done_at is not None) is done


def test_evidence_from_before_a_course_was_brought_up_to_date_is_of_the_version_before():
    process = made.process()
    course = made.course(activity_id="https://lms.example/a", processes=[process])
    made.change(process)
    services.bring_up_to_date(course, now=NOW)
    person = make.person()

    store(statement(person, course, at=NOW - timedelta(days=1)))
    store(statement(person, course, at=NOW + timedelta(hours=1)))

    assert sorted(Completion.objects.values_list("course_version", flat=True)) == [1, 2]


def test_a_person_is_found_by_address_its_digest_or_the_name_in_another_system(course):
    person = make.person(email="anna@company.example")
    users = make.batch(make.source(), subjects.get("accounts.crmuser"))
    make.record(users, external_id="U-7", person=person)
    digest = hashlib.sha1(b"mailto:anna@company.example").hexdigest()

    for actor in (
        {"mbox": "mailto:Anna@Company.example"}, {"mbox_sha1sum": digest},
        {"account": {"homePage": "https://lms.example", "name": "anna@company.example"}},
        {"account": {"homePage": "https://crm.example", "name": "U-7"}},
    ):  # fmt: skip
        assert store(statement(person, course, actor=actor)).stored == 1, actor

    assert Completion.objects.get().person == person


def test_a_raw_score_counts_between_its_bounds_and_below_nought_is_nought(course):
    first, second = make.person(), make.person()
    store(statement(first, course, "passed", result={"score": {"raw": 45, "min": 0, "max": 50}}))
    store(statement(second, course, "failed", score=-0.5))

    assert Completion.objects.get(person=first).exit_score == 0.9
    assert Completion.objects.get(person=second).exit_score == 0


# --- what does not ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("change", "code", "says"),
    [
        ({"actor": None}, "malformed", "empty"),
        ({"actor": {}}, "malformed", "exactly one of"),
        ({"actor": {"mbox": "anna@company.example"}}, "malformed", "mailto:"),
        ({"actor": {"mbox": "mailto:nobody@company.example"}}, "unknown_person", "Nobody here"),
        ({"actor": {"openid": "https://a.example"}}, "malformed", "openid"),
        ({"verb": {}}, "malformed", "verb.id"),
        ({"verb": {"id": "completed"}}, "malformed", "verb.id"),
        ({"verb": {"id": "http://adlnet.gov/expapi/verbs/voided"}}, "not_voided", "not voided"),
        ({"object": {"id": "https://lms.example/other"}}, "unknown_course", "activity id"),
        ({"object": {"objectType": "Agent", "id": "https://a.example"}}, "malformed", "activity"),
        ({"object": "https://lms.example/quotation"}, "malformed", "must be an object"),
        ({"timestamp": "yesterday"}, "malformed", "no moment"),
        ({"timestamp": "2026-02-30T10:00:00Z"}, "malformed", "no moment"),
        ({"timestamp": "2026-04-20T10:00:00Z"}, "in_the_future", "future"),
        ({"timestamp": 5}, "malformed", "no moment"),
        ({"id": "not-a-uuid"}, "malformed", "no UUID"),
        ({"id": 7}, "malformed", "no UUID"),
        ({"colour": "red"}, "malformed", "colour"),
        ({"result": {"score": {"scaled": 1.5}}}, "malformed", "between -1 and 1"),
        ({"result": {"score": {"scaled": "high"}}}, "malformed", "a number"),
        ({"result": {"score": {"raw": 60, "min": 0, "max": 50}}}, "malformed", "lie between"),
        ({"result": {"success": "yes"}}, "malformed", "true or false"),
        ({"result": []}, "malformed", "must be an object"),
        ({"context": {"extensions": {xapi.MASTERY: 7}}}, "malformed", "between 0 and 1"),
    ],
)
def test_a_malformed_statement_is_refused_with_its_reason(course, change, code, says):
    said = statement(make.person(), course) | change

    found = reason(said)

    assert found[0] == code
    assert says in found[1]
    assert not Statement.objects.exists()


@pytest.mark.parametrize(
    ("verb", "result", "context", "code"),
    [
        ("passed", {"score": {"scaled": 0.79}}, {}, "below_mastery"),
        ("failed", {"score": {"scaled": 0.8}}, {}, "reaches_mastery"),
        ("passed", {"score": {"scaled": 0.85}}, {"extensions": {xapi.MASTERY: 0.9}}, "below_mastery"),
        ("passed", {"success": False}, {}, "malformed"),
        ("failed", {"success": True}, {}, "malformed"),
    ],
)
def test_a_verb_that_contradicts_its_score_is_refused(course, verb, result, context, code):
    said = statement(make.person(), course, verb, result=result, context=context)

    assert reason(said)[0] == code


def test_the_mastery_score_of_the_statement_goes_before_that_of_the_course(course):
    context = {"extensions": {xapi.MASTERY: 0.6}}

    assert store(statement(make.person(), course, "passed", score=0.65, context=context)).stored == 1


@pytest.mark.parametrize("said", [None, 7, "text", [], [[]], {}])
def test_what_is_no_statement_at_all_is_refused_too(course, said):
    assert reason(said)[0] == "malformed"


# --- again, in any order, at once ---------------------------------------------------------------------------------
def test_the_same_again_changes_nothing_and_another_under_its_id_is_refused(course):
    said = statement(make.person(), course)
    store(said)
    again = store(said, said)
    assert (again.stored, again.repeated, again.ids) == (0, 2, [said["id"], said["id"]])

    assert reason(said | {"timestamp": (NOW - timedelta(days=9)).isoformat()})[0] == "conflict"

    assert store(said | {"stored": NOW.isoformat(), "version": "1.0.3"}).repeated == 1
    assert Completion.objects.get().completed_at == NOW


def test_strictly_one_refused_statement_refuses_all_and_leniently_only_itself(course):
    good, bad = statement(make.person(), course), statement(make.person(), course, timestamp="never")
    with pytest.raises(services.NothingStored):
        store(good, bad)
    assert not Statement.objects.exists()

    outcome = store(good, bad, lenient=True)

    assert (outcome.stored, outcome.ids, [one.place for one in outcome.refused]) == (1, [good["id"]], [1])


_SPOILT: list[dict[str, Any]] = [{"timestamp": "soon"}, {"verb": {}}, {"actor": {"mbox": "mailto:x@y.example"}}]


def stream(people: list[Any], courses: list[Any], chance: random.Random) -> tuple[list[Any], dict[str, int]]:
    """10,000 statements: most fine, some sent again, some malformed, none in order."""
    fine: list[Any] = []
    for n in range(9_000):
        verb = ("completed", "passed", "failed")[n % 3]
        score = {"passed": 0.8 + 0.2 * chance.random(), "failed": 0.7 * chance.random()}.get(verb)
        at = NOW - timedelta(minutes=chance.randrange(60 * 24 * 200))
        fine.append(statement(chance.choice(people), chance.choice(courses), verb, at=at, score=score))
    repeated = [dict(chance.choice(fine)) for _ in range(700)]
    spoilt = [statement(people[0], courses[0]) | change for change in _SPOILT for _ in range(100)]
    said = [*fine, *repeated, *spoilt]
    chance.shuffle(said)
    return said, {"stored": 9_000, "repeated": 700, "ignored": 0, "refused": 300}


def end() -> list[Any]:
    fields = ("person", "course", "completed_at", "passed_at", "failed_at", "exit_score", "done_at")
    return sorted(map(str, Completion.objects.values_list(*fields)))


def test_a_stream_of_10_000_statements_ends_the_same_in_any_order_and_any_portions(django_assert_max_num_queries):
    people = [make.person() for _ in range(60)]
    courses = [made.course(activity_id=f"https://lms.example/{n}") for n in range(4)]
    chance = random.Random(20_260_320)
    said, expected = stream(people, courses, chance)

    with django_assert_max_num_queries(len(said) // 50):
        counts = store(*said, lenient=True).counts
    first = end()
    assert counts == expected
    assert len(first) == 240

    Completion.objects.all().delete()
    Statement.objects.all().delete()
    chance.shuffle(said)
    summed = dict.fromkeys(expected, 0)
    while said:
        portion, said = said[:970], said[970:]
        for name, n in store(*portion, lenient=True).counts.items():
            summed[name] += n

    assert summed == expected
    assert end() == first


# --- the endpoint -------------------------------------------------------------------------------------------------
@pytest.fixture
def program(client):
    """Sends as a program does, with a token of the scope `import`."""
    key = make.token(make.person(groups=[INTEGRATION]), scopes=["import"])[1]

    def send(method: str, said: Any, address: str = ADDRESS, **more: Any) -> Any:
        known = {"content_type": "application/json", "HTTP_AUTHORIZATION": f"Bearer {key}"} | HEADERS | more
        return getattr(client, method)(address, said, **known)

    return send


def fresh(person: Any, course: Any, **more: Any) -> dict[str, Any]:
    return statement(person, course, at=timezone.now() - timedelta(days=1), **more)


def test_a_program_posts_one_or_many_and_gets_their_ids(program, course):
    person = make.person()
    one, many = fresh(person, course), [fresh(person, course), fresh(person, course)]

    answer = program("post", one)
    assert (answer.status_code, answer.json()) == (200, [one["id"]])
    assert answer["X-Experience-API-Version"] == "1.0.3"
    assert program("post", many).json() == [said["id"] for said in many]
    assert program("post", many).json() == [said["id"] for said in many]

    assert Statement.objects.count() == 3


def test_a_program_puts_one_under_its_id_as_often_as_it_likes(program, course):
    said = fresh(make.person(), course)
    number = said.pop("id")

    for _ in range(2):
        assert program("put", said, f"{ADDRESS}?statementId={number}").status_code == 204
    other = said | {"timestamp": (timezone.now() - timedelta(days=5)).isoformat()}
    assert program("put", other, f"{ADDRESS}?statementId={number}").status_code == 409
    assert program("put", said | {"id": str(uuid.uuid4())}, f"{ADDRESS}?statementId={number}").status_code == 400
    assert program("put", said).status_code == 400
    assert program("put", said, f"{ADDRESS}?statementId=seven").status_code == 400

    assert Statement.objects.get().pk == uuid.UUID(number)


def test_refused_statements_are_named_by_place_with_their_reason(program, course):
    person = make.person()
    sent = [fresh(person, course), fresh(person, course) | {"timestamp": "never"}]

    answer = program("post", sent)
    assert answer.status_code == 400
    assert [(e["attr"], e["code"]) for e in answer.json()["errors"]] == [("statements.1", "malformed")]
    assert not Statement.objects.exists()

    lenient = program("post", sent, HTTP_PREFER="handling=lenient")
    assert lenient.status_code == 200
    assert lenient["Preference-Applied"] == "handling=lenient"
    assert lenient.json()["stored"] == 1
    assert lenient.json()["refused"][0]["place"] == 1
    assert "no moment" in lenient.json()["refused"][0]["detail"]


def test_without_its_version_or_with_another_one_nothing_is_read(program, course):
    said = fresh(make.person(), course)

    assert program("post", said, HTTP_X_EXPERIENCE_API_VERSION="").status_code == 400
    assert program("post", said, HTTP_X_EXPERIENCE_API_VERSION="2.0.0").status_code == 400
    assert program("post", said, HTTP_X_EXPERIENCE_API_VERSION="1.0.1").status_code == 200


def test_too_many_at_once_and_somebody_without_the_right_are_refused(program, client, course):
    person = make.person()
    assert program("post", [fresh(person, course)] * 10_001).status_code == 413
    key = make.token(make.person(groups=[ANALYST]), scopes=["import"])[1]
    read_only = make.token(make.person(groups=[INTEGRATION]), scopes=["read"])[1]

    for text in (key, read_only):
        answer = client.post(ADDRESS, fresh(person, course), content_type="application/json",
                             HTTP_AUTHORIZATION=f"Bearer {text}", **HEADERS)  # fmt: skip
        assert answer.status_code == 403
    assert client.post(ADDRESS, {}, content_type="application/json", **HEADERS).status_code == 401
