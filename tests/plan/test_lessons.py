"""What an earlier phase taught is applied where the next one is planned (P9)."""

from __future__ import annotations

import pytest

from crm_adoption.plan import services
from crm_adoption.plan.models import Phase
from tests import make

pytestmark = pytest.mark.django_db


def test_a_lead_says_on_the_page_of_a_draft_which_lesson_changed_it(client):
    lead = make.person(groups=["adoption lead"])
    first, second = Phase.objects.create(name="First"), Phase.objects.create(name="Second")
    lesson = services.note_lesson(first, text="Clean first.", keep=True, by=lead)
    client.force_login(lead)
    address = f"/phases/{second.pk}/lessons/{lesson.pk}/apply/"
    assert address in client.get(second.get_absolute_url()).content.decode()

    client.post(address)

    lesson.refresh_from_db()
    assert lesson.applied_in == second
    page = client.get(second.get_absolute_url()).content.decode()
    assert address not in page
    assert "applied here" in page


def test_a_lesson_is_not_applied_in_the_phase_that_taught_it(client):
    lead = make.person(groups=["adoption lead"])
    first = Phase.objects.create(name="First")
    lesson = services.note_lesson(first, text="Clean first.", keep=True, by=lead)
    client.force_login(lead)

    page = client.post(f"/phases/{first.pk}/lessons/{lesson.pk}/apply/", follow=True).content.decode()

    assert "A lesson is applied in a later phase" in page
    lesson.refresh_from_db()
    assert lesson.applied_in is None
