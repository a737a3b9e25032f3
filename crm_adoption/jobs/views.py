"""What is being worked on: the list, one job, and the bar that other pages show in place."""

from __future__ import annotations

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from crm_adoption.jobs import services
from crm_adoption.jobs.models import UNFINISHED, Job, JobQuerySet
from crm_adoption.kit.access import EVERYBODY, for_groups

STOP_POLLING = 286  # htmx swaps the answer in and asks no more
PER_PAGE = 50
VIEWS = {
    "": _("All"),
    "under-way": _("Under way"),
    "failed": _("Failed"),
    "done": _("Done"),
    "cancelled": _("Cancelled"),
}


def _visible(request: HttpRequest) -> JobQuerySet:
    return Job.objects.visible_to(request.user).select_related("lease", "asked_by")


def _safe_next(request: HttpRequest) -> str:
    """Where to go when the job is done, if that is a page of ours."""
    wanted = request.GET.get("next", "")
    hosts, tls = {request.get_host()}, request.is_secure()
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=hosts, require_https=tls) else ""


@require_GET
@for_groups(*EVERYBODY)
def job_list(request: HttpRequest) -> HttpResponse:
    """Jobs, newest first, paged by key; rows that are under way keep themselves up to date."""
    shown = request.GET.get("show", "")
    jobs = _visible(request)
    if shown == "under-way":
        jobs = jobs.unfinished()
    elif shown in VIEWS and shown:
        jobs = jobs.filter(state=shown)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        jobs = jobs.filter(pk__lt=int(before))
    found = list(jobs.order_by("-pk")[: PER_PAGE + 1])
    rows = found[:PER_PAGE]
    context = {
        "jobs": rows,
        "shown": shown,
        "shows": VIEWS,
        "before": before,
        "older": rows[-1].pk if len(found) > PER_PAGE else None,
        "live": any(job.state in UNFINISHED for job in rows),
    }
    if not request.headers.get("HX-Request"):
        return render(request, "jobs/job_list.html", context)
    return render(request, "jobs/_rows.html", context, status=200 if context["live"] else STOP_POLLING)


@require_GET
@for_groups(*EVERYBODY)
def job_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One job: how far it is, what it counted, how it ended."""
    job = get_object_or_404(_visible(request), pk=pk)
    return render(request, "jobs/job_detail.html", {"job": job, "attempts": settings.JOB_ATTEMPTS})


@require_GET
@for_groups(*EVERYBODY)
def job_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The bar of one job, asked for every second until it is finished."""
    return _bar(request, get_object_or_404(_visible(request), pk=pk))


def _bar(request: HttpRequest, job: Job) -> HttpResponse:
    next_page = _safe_next(request)
    status = STOP_POLLING if job.is_finished else 200
    answer = render(request, "jobs/_progress.html", {"job": job, "next": next_page}, status=status)
    if job.is_finished:
        answer.headers["HX-Trigger"] = json.dumps({"job-finished": {"id": job.pk, "state": job.state}})
        if next_page and job.state == Job.State.DONE:
            answer.headers["HX-Redirect"] = next_page
    return answer


@require_POST
@for_groups(*EVERYBODY)
def job_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    job = services.cancel(get_object_or_404(_visible(request), pk=pk), by=request.user)
    return _after(request, job)


@require_POST
@for_groups(*EVERYBODY)
def job_try_again(request: HttpRequest, pk: int) -> HttpResponse:
    job = services.try_again(get_object_or_404(_visible(request), pk=pk), by=request.user)
    return _after(request, job)


def _after(request: HttpRequest, job: Job) -> HttpResponse:
    """The bar in place for htmx, else the page of the job."""
    return _bar(request, job) if request.headers.get("HX-Request") else redirect(job)
