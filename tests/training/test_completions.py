"""Completions noted by hand and taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_adoption.kit.errors import Refusal
from tests import make
from tests.training import made
from tests.training.test_statements import statement
from training import services
from training.models import Completion, Course
from training.move_on import done_at

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)


def test_a_completion_noted_by_hand_passes_or_fails_by_the_mastery_score():
    person, course = make.person(), made.course(mastery=0.8, move_on="Passed")

    assert services.note_completion(person, course, at=NOW, now=NOW, score=0.79).done_at is None
    assert services.note_completion(person, course, at=NOW, now=NOW, score=0.8).done_at == NOW
    with pytest.raises(Refusal, match="day to come"):
        services.note_completion(person, course, at=NOW + timedelta(days=1), now=NOW)
    with pytest.raises(Refusal, match="0 and 100"):
        services.note_completion(person, course, at=NOW, now=NOW, score=80)


MOMENT = st.one_of(st.none(), st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2026, 12, 31)))


@given(completed=MOMENT, passed=MOMENT, begun=st.datetimes(max_value=datetime(2025, 12, 31)))
def test_more_evidence_never_makes_a_course_undone_or_done_later_than_both(completed, passed, begun):
    for rule in Course.MoveOn:
        found = done_at(rule, completed=completed, passed=passed, begun=begun)
        fuller = done_at(rule, completed=completed or begun, passed=passed or begun, begun=begun)
        assert fuller is not None
        assert found is None or fuller <= found


def test_a_completion_taken_back_takes_its_statements_with_it_and_the_audit_keeps_it():
    person, course = make.person(), made.course(activity_id="https://lms.example/a")
    said = statement(person, course)
    services.store_statements([said], by=None, now=NOW + timedelta(days=1))
    completion = Completion.objects.get()

    services.withdraw_completion(completion)

    assert not Completion.objects.exists()
    assert services.store_statements([said], by=None, now=NOW + timedelta(days=1)).stored == 1
    event = Completion.events.rel.related_model.objects.get(pgh_label="delete")  # type: ignore[attr-defined]
    assert event.person_id == person.pk
