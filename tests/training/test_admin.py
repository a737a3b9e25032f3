"""Training in the admin site: what a lead changes there counts from then on; what has rules of its own is only read."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.forms import model_to_dict
from django.urls import reverse
from django.utils import timezone

from crm_adoption.kit.access import LEAD
from tests import make
from tests.training import made
from training import queries
from training.models import Completion, Course, RoleProfile, RoleTarget, TrainingSetting

pytestmark = pytest.mark.django_db
SETTING = "/admin/training/trainingsetting/1/change/"
ADD_TARGET = "/admin/training/roletarget/add/"
GO_LIVE = date(2026, 3, 2)


@pytest.fixture
def lead(client):
    client.force_login(make.person(groups=[LEAD]))
    return client


def test_another_window_of_reinforcement_counts_from_the_moment_it_is_saved(lead):
    role = make.job_role()
    go_live = made.go_live(role, on=GO_LIVE)
    assert queries.window_of(go_live).due_from == GO_LIVE + timedelta(days=21)

    said = model_to_dict(TrainingSetting.now()) | {"reinforce_from": 14, "reinforce_by": 20, "reinforce_until": 35}
    assert lead.post(SETTING, said).status_code == 302

    window = queries.window_of(go_live)
    assert (window.due_from, window.due_by, window.until) == tuple(
        GO_LIVE + timedelta(days=days) for days in (14, 20, 35)
    )


@pytest.mark.parametrize(
    ("wish", "field"),
    [({"reinforce_from": 50}, "__all__"), ({"shown_from": 4}, "__all__"), ({"ready_from": 1.5}, "ready_from")],
)
def test_a_constant_that_cannot_be_is_refused_at_its_field_and_the_old_one_stays(lead, wish, field):
    before = model_to_dict(TrainingSetting.now())

    answer = lead.post(SETTING, before | wish)

    assert answer.status_code == 200
    assert field in answer.context["adminform"].form.errors
    assert model_to_dict(TrainingSetting.objects.get()) == before


def test_the_constants_are_one_row_that_nobody_adds_or_deletes(lead):
    assert lead.get("/admin/training/trainingsetting/add/").status_code == 403
    assert lead.post("/admin/training/trainingsetting/1/delete/", {"post": "yes"}).status_code == 403
    assert TrainingSetting.objects.count() == 1


def test_what_a_role_is_expected_to_do_is_asked_of_its_people_and_no_longer_once_deleted(lead):
    role = make.job_role(name="Seller")
    people = [make.person(job_role=role) for _n in range(5)]
    course = made.course(job_roles=[role])
    for person in people:
        made.completion(person, course, done_at=timezone.now() - timedelta(days=40))
    make.account(owner=people[0])
    assert queries.trained_not_doing().trained == 0

    answer = lead.post(ADD_TARGET, {"job_role": role.pk, "table": make.ACCOUNT, "per_28_days": "2"})
    target = RoleTarget.objects.get(job_role=role)

    assert answer.status_code == 302
    assert (target.table, target.per_28_days) == (make.ACCOUNT, 2)
    assert queries.trained_not_doing().trained == 5
    assert lead.post(f"/admin/training/roletarget/{target.pk}/delete/", {"post": "yes"}).status_code == 302
    assert queries.trained_not_doing().trained == 0


def test_a_table_that_does_not_exist_is_expected_of_nobody(lead):
    answer = lead.post(ADD_TARGET, {"job_role": make.job_role().pk, "table": "no.such", "per_28_days": "2"})

    assert "table" in answer.context["adminform"].form.errors
    assert not RoleTarget.objects.exists()


def test_a_said_baseline_and_the_manuals_of_a_role_stand_beside_its_cohorts(lead):
    role = make.job_role(name="Seller")
    RoleTarget.objects.create(job_role=role, table=make.ACCOUNT, per_28_days=1)
    profile = RoleProfile.objects.create(job_role=role)

    said = {name: value for name, value in model_to_dict(profile).items() if value is not None}
    answer = lead.post(f"/admin/training/roleprofile/{profile.pk}/change/", said | {"manuals": 3, "baseline_days": 45})

    assert answer.status_code == 302
    (found,) = queries.proficiency()
    assert (found.manuals, found.baseline, found.baseline_is_said) == (3, 45, True)


@pytest.mark.parametrize("model", [Course, Completion])
def test_what_has_rules_of_its_own_is_read_there_and_never_changed(lead, model):
    course = made.course(title="Finding one's way")
    made.completion(make.person(name="Ines Kalder"), course)
    row = model.objects.get()
    change = reverse(f"admin:training_{model._meta.model_name}_change", args=[row.pk])

    assert "Finding one" in lead.get(reverse(f"admin:training_{model._meta.model_name}_changelist")).content.decode()
    assert lead.post(change, {"title": "Something else", "via": "csv"}).status_code == 403
    assert lead.post(change.replace("change", "delete"), {"post": "yes"}).status_code == 403
    assert model_to_dict(model.objects.get()) == model_to_dict(row)


def test_people_are_found_by_name_among_the_completions(lead):
    course = made.course()
    for name in ("Ines Kalder", "Bela Torfson"):
        made.completion(make.person(name=name), course)

    page = lead.get("/admin/training/completion/?q=Kalder").content.decode()

    assert "Ines Kalder" in page
    assert "Bela Torfson" not in page
