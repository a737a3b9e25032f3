"""What waits for one person, the gap in one sentence, and the next best action on the first page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from crm_adoption.people.models import Seat, Team
from crm_adoption.plan import queries, services
from crm_adoption.plan.ingredients import TEN
from crm_adoption.plan.models import Claim, Escalation, Feedback, Ingredient, Promise, Reading, WorkItem
from crm_adoption.plan.queries.gaps import gap_sentence
from crm_adoption.plan.queries.home import best_step
from crm_adoption.plan.queries.waiting import waiting_for
from tests import make

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = timezone.localdate(NOW)


def said_to(person):
    return [(one.sentence, one.is_late) for one in waiting_for(person, now=NOW, today=TODAY)]


def state_of(slug):
    return next(one for one in queries.standing(NOW).ingredients if one.ingredient.slug == slug)


def measured(slug, share):
    """Readings of every check of an ingredient, so far from the floor to the target."""
    for check in next(one for one in TEN if one.slug == slug).checks:
        value = check.floor + share * (check.target - check.floor)
        Reading.objects.create(check_slug=check.slug, value=value, n=10, at=NOW, taken_on=TODAY)


def claimed(slug, score, answers=6):
    for _n in range(answers):
        Claim.objects.create(
            ingredient=Ingredient.objects.get(slug=slug), respondent=make.person(), score=score, at=NOW
        )


# --- what waits ---------------------------------------------------------------------------------------------------
def test_what_waits_is_ones_own_work_what_was_passed_up_and_the_late_above():
    me = make.person()
    seat = Seat.objects.create(kind=Seat.Kind.TECHNOLOGY_OWNER, holder=me)
    voice = Feedback.objects.create(kind="issue", text="The list is slow.", raised_by=make.person())
    Escalation.objects.create(
        feedback=voice, level=1, seat=seat, seat_kind=seat.kind, at=NOW, answer_due=NOW - timedelta(hours=1)
    )
    WorkItem.objects.create(title="Soon", owner=me, due_on=TODAY + timedelta(days=3))
    WorkItem.objects.create(title="Far", owner=me, due_on=TODAY + timedelta(days=90))
    WorkItem.objects.create(title="Another's", owner=make.person(), due_on=TODAY)

    assert said_to(me) == [
        ("Passed to you: “The list is slow.”", True),
        (f"“Soon” is due on {TODAY + timedelta(days=3)}.", False),
    ]


def test_a_champion_hears_the_voices_of_their_teams_and_of_no_other():
    mine, other = Team.objects.create(name="Sales DACH"), Team.objects.create(name="Sales China")
    me = make.person(groups=("champion",))
    Seat.objects.create(kind=Seat.Kind.CHAMPION, scope=Seat.Scope.TEAM, scope_key=mine.name, holder=me)
    for team in (mine, mine, other):
        Feedback.objects.create(kind="request", text="More.", team=team, raised_by=make.person())

    assert said_to(me) == [("2 voices of your people wait for an answer.", False)]


def test_an_answer_and_a_promise_that_was_kept_or_not_are_news_for_two_weeks():
    me = make.person()
    Feedback.objects.create(
        kind="request", text="Voice notes.", raised_by=me, answer="Yes.", answered_at=NOW, state="answered"
    )
    for text, state, days in (("No sheet.", "kept", 1), ("Clean by May.", "broken", 2), ("Long ago.", "kept", 40)):
        Promise.objects.create(text=text, due_on=TODAY, state=state, settled_on=TODAY - timedelta(days=days))

    found = {sentence for sentence, _late in said_to(me)}

    assert found == {"Answered: “Voice notes.”", "Kept: “No sheet.”", "Not kept: “Clean by May.”"}


def test_the_first_page_of_an_end_user_says_what_waits(client):
    me = make.person()
    WorkItem.objects.create(title="Try the quotation", owner=me, due_on=TODAY)
    client.force_login(me)

    page = client.get("/").content.decode()

    assert "Try the quotation" in page
    assert "Nothing waits for you" not in page


# --- the gap ------------------------------------------------------------------------------------------------------
def test_the_gap_says_both_figures_and_the_check_that_shows_least():
    measured("communication", 0.5)
    Reading.objects.filter(check_slug="communication.elements").update(value=0.4)  # its floor
    claimed("communication", 5)

    said = gap_sentence(state_of("communication"))

    assert said.startswith("People say 100 %, records say ")
    assert "Elements told to each audience" in said
    assert "40 %" in said


def test_who_believes_too_little_is_told_and_who_agrees_is_left_alone():
    measured("communication", 1)
    claimed("communication", 1)
    measured("accessibility", 1)
    claimed("accessibility", 5)

    assert "tell them" in gap_sentence(state_of("communication"))
    assert gap_sentence(state_of("accessibility")).endswith("they agree.")


def test_without_evidence_or_answers_no_gap_is_named():
    claimed("communication", 5)

    assert gap_sentence(state_of("communication")) == ""


# --- the next best action -----------------------------------------------------------------------------------------
def test_the_first_page_names_the_action_that_lowers_the_risk_most_for_each_day(client):
    for declared in TEN:
        measured(declared.slug, 0.5)
    ten = {one.slug: one for one in Ingredient.objects.all()}
    WorkItem.objects.create(title="A week of calls", ingredient=ten["communication"], effort_days=5)
    WorkItem.objects.create(title="A day of calls", ingredient=ten["executive-leadership"], effort_days=1)

    found = best_step(queries.standing(NOW))

    assert found is not None
    assert "A day of calls" in found.sentence
    assert found.url == ten["executive-leadership"].get_absolute_url()
    client.force_login(make.superuser())
    assert found.sentence in client.get("/").content.decode().replace("&quot;", '"')


def test_before_anything_is_measured_no_action_is_best():
    assert best_step(queries.standing(NOW)) is None


def test_an_ingredient_page_lists_what_is_planned_for_it(client):
    ten = {one.slug: one for one in Ingredient.objects.all()}
    WorkItem.objects.create(title="Fill the roles", ingredient=ten["data-quality"], effort_days=3)
    WorkItem.objects.create(title="Elsewhere", ingredient=ten["communication"], effort_days=3)
    client.force_login(make.superuser())

    page = client.get(ten["data-quality"].get_absolute_url()).content.decode()

    assert "Fill the roles" in page
    assert "Elsewhere" not in page


# --- names --------------------------------------------------------------------------------------------------------
def test_an_ingredient_is_called_as_the_lead_re_worded_it_in_every_language():
    services.seed()
    Ingredient.objects.filter(slug="data-quality").update(name="Saubere Daten")

    with override("zh-hans"):
        assert str(Ingredient.objects.get(slug="data-quality")) == "Saubere Daten"
