"""The tree of objectives says what serves what, and how far each is by its own check."""

from __future__ import annotations

import pytest
from django.forms import ChoiceField
from django.utils import timezone, translation
from django.utils.formats import date_format

from crm_adoption.people.models import Seat
from crm_adoption.plan.forms.engagement import MessageForm
from crm_adoption.plan.models import Objective, Phase, Reading
from crm_adoption.plan.queries.objectives import objective_tree
from tests import make

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def measured(slug, value):
    Reading.objects.create(check_slug=slug, value=value, n=9, at=NOW, taken_on=timezone.localdate(NOW))


def test_what_serves_what_with_its_figure_and_its_phases():
    top = Objective.objects.create(statement="One picture", kind="strategy")
    clean = Objective.objects.create(
        statement="Clean", kind="crm", parent=top, metric="Data health", check_slug="data.health", target=75
    )
    Objective.objects.create(statement="Soon", kind="process", parent=clean, check_slug="access.capture-lag", target=8)
    Phase.objects.create(name="Accounts").objectives.add(clean)
    measured("data.health", 80)
    measured("access.capture-lag", 35)

    (found,) = objective_tree(NOW)

    assert (found.objective, found.now, found.is_reached) == (top, "", None)
    (branch,) = found.children
    assert (branch.now, branch.target, branch.is_reached) == ("80", "75", True)
    assert [str(phase) for phase in branch.phases] == ["Accounts"]
    (leaf,) = branch.children
    assert (leaf.now, leaf.target, leaf.is_reached) == ("35 hours", "8 hours", False)  # less is better


def test_every_objective_stands_in_the_tree_once_whatever_it_serves(client, django_assert_max_num_queries):
    one = Objective.objects.create(statement="Strategy", kind="strategy")
    for n in range(5):
        Objective.objects.create(statement=f"Aim {n}", kind="crm", parent=one if n % 2 else None)

    with django_assert_max_num_queries(3):
        tree = objective_tree(NOW)

    def count(branches):
        return sum(1 + count(branch.children) for branch in branches)

    assert count(tree) == 6
    assert tree[0].objective == one
    client.force_login(make.superuser())
    page = client.get("/objectives/").content.decode()
    assert page.count("Aim 1") >= 2  # in the tree and in the table
    assert "What serves what" in page


def test_the_language_of_a_message_is_chosen_and_never_typed():
    form = MessageForm()

    field = form.fields["language"]
    assert isinstance(field, ChoiceField)
    assert [one for one in ("en", "zh-hans", "de", "English") if field.valid_value(one)] == ["en", "zh-hans"]


def test_a_day_in_an_english_letter_is_written_out():
    with translation.override("en"):
        assert date_format(NOW.replace(year=2026, month=12, day=17)) == "17 December 2026"


def test_a_seat_says_what_it_is_of_in_quotes():
    assert str(Seat(kind="champion", scope="team", scope_key="Sales DACH")) == "Champion of the team “Sales DACH”"
    assert str(Seat(kind="trainer")) == "Trainer of the programme"
