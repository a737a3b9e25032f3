"""Courses: the list, one with its people, and changing it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm_adoption.kit.access import belongs, for_groups
from crm_adoption.kit.looking import looked_at, shows_people
from crm_adoption.kit.pages import Column, SavedFilter, editing, listing
from training import queries, services
from training.access import KEEPERS, LEARNING, READERS
from training.filters import CourseFilter, EnrolmentFilter
from training.forms import CourseForm
from training.models import Course


@require_safe
@for_groups(*READERS)
def course_list(request: HttpRequest) -> HttpResponseBase:
    may_change, limit = belongs(request.user, KEEPERS), queries.setting().process_share_above
    return listing(
        request, queries.courses(), CourseFilter, "training/course_list.html",
        columns=[
            Column("title", _("Course"), kind="link"),
            Column("kind", _("For"), template="training/_for_whom.html"),
            Column("minutes", _("Minutes"), kind="number"),
            Column("process_share", _("About process"), kind="percent"),
            Column("warning", _("Too little about it"), kind="badge",
                   accessor=lambda one: "warning" if one.process_share <= limit else None),
            Column("version", _("Version"), kind="number"),
            Column("is_stale", _("Teaches"), template="training/_stale.html"),
        ],
        ordering={"title": ("title", "pk"), "kind": ("kind", "position", "pk")},
        export_name="courses", default_sort="kind",
        saved=[SavedFilter(_("Teaches what has changed"), "stale=true")],
        context={
            "title": _("Courses"), "may_change": may_change,
            "states": [s for s in queries.role_states(timezone.localdate()) if s.minutes.warns],
            "empty_sentence": _("Navigation together, the rest by job role. More than half of what is learned is how "
                                "the process changes."),
            "empty_url": reverse("training-course-new") if may_change else "", "empty_action": _("Add a course"),
        },
    )  # fmt: skip


@require_safe
@for_groups(*READERS)
@shows_people(*LEARNING)
def course(request: HttpRequest, pk: int) -> HttpResponse:
    shown, may_change = get_object_or_404(Course.objects.with_staleness(), pk=pk), belongs(request.user, KEEPERS)
    state = queries.course_state(shown, timezone.now())
    looked_at(request, state.trained_on_old if may_change else ())
    context = {"course": shown, "state": state, "setting": queries.setting(), "may_change": may_change}
    return render(request, "training/course.html", context)


@require_http_methods(["GET", "POST"])
@for_groups(*KEEPERS)
def course_new(request: HttpRequest) -> HttpResponse:
    return _course_form(request, Course(), _("Add a course"), reverse("training-courses"))


@require_http_methods(["GET", "POST"])
@for_groups(*KEEPERS)
def course_change(request: HttpRequest, pk: int) -> HttpResponse:
    changed = get_object_or_404(Course, pk=pk)
    return _course_form(request, changed, _("Change “%(name)s”") % {"name": changed}, changed.get_absolute_url())


def _course_form(request: HttpRequest, changed: Course, title: str, back: str) -> HttpResponse:
    limit = queries.setting().process_share_above

    def done(made: Course) -> str:
        if made.process_share <= limit:
            return _("Kept; but only %(share)s %% of its minutes are about the process.") % {
                "share": round(100 * made.process_share)
            }
        return _("Kept; whoever has to take it is enrolled.")

    return editing(
        request, CourseForm(request.POST or None, instance=changed),
        save=lambda sent: services.save_course(
            sent.save(commit=False), job_roles=sent.cleaned_data["job_roles"],
            processes=sent.cleaned_data["processes"], today=timezone.localdate(),
        ),
        success_url=lambda made: made.get_absolute_url(), done=done, context={"title": title, "back": back},
    )  # fmt: skip


@require_POST
@for_groups(*KEEPERS)
def course_up_to_date(request: HttpRequest, pk: int) -> HttpResponse:
    newer = services.bring_up_to_date(get_object_or_404(Course, pk=pk), now=timezone.now())
    messages.success(
        request, _("“%(course)s” is in its version %(n)s; whoever took an older one stands below.")
        % {"course": newer, "n": newer.version},
    )  # fmt: skip
    return redirect(newer)


@require_POST
@for_groups(*KEEPERS)
def course_retire(request: HttpRequest, pk: int) -> HttpResponse:
    gone = services.retire_course(get_object_or_404(Course, pk=pk), on=timezone.localdate())
    messages.success(request, _("Nobody has to take “%(course)s” any more.") % {"course": gone})
    return redirect("training-courses")


@require_safe
@for_groups(*KEEPERS)
@shows_people(*LEARNING)
def still_to_take(request: HttpRequest) -> HttpResponseBase:
    """Who still has to take what."""
    return listing(
        request, queries.still_to_take(), EnrolmentFilter, "training/still_to_take.html",
        columns=[
            Column("person", _("Person"), accessor="person.name"),
            Column("team", _("Team"), accessor="person.team.name"),
            Column("role", _("Job role"), accessor="person.job_role.name"),
            Column("course", _("Course"), kind="link", url=lambda one: one.course.get_absolute_url()),
            Column("due_on", _("Due"), kind="date"),
            Column("state", _("State"), lambda one: "overdue" if one.due_on < timezone.localdate() else "due",
                   kind="badge"),
        ],
        ordering={"due_on": ("due_on", "pk"), "person": ("person__name", "pk")},
        export_name="still-to-take", names="person",
        context={"title": _("Still to take"), "empty_sentence": _("Everybody has taken what their role asks for.")},
    )  # fmt: skip
