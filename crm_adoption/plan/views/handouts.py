"""The plan to hand out: downloads, one's own calendar link, and whether one wants the weekly letter."""

from __future__ import annotations

from datetime import date, time, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm_adoption.kit.access import LEAD, SPONSOR, belongs, for_groups, signed_in
from crm_adoption.people.middleware import zone_named
from crm_adoption.plan import services
from crm_adoption.plan.forms.handouts import WorkshopForm
from crm_adoption.plan.handouts import deck, feed, paper
from crm_adoption.plan.handouts.facts import Facts, gather
from crm_adoption.plan.handouts.workshop import workshop
from crm_adoption.plan.queries.reviews import cycle
from crm_adoption.plan.views.phases import reader

STEERING = (LEAD, SPONSOR)
BEGINS = time(9)
AHEAD = timedelta(days=7)  # the least notice of a workshop that we propose
PDF, PPTX, ICS = (
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "text/calendar; charset=utf-8",
)


@require_safe
@for_groups(*STEERING)
def handouts(request: HttpRequest) -> HttpResponse:
    return _page(request, WorkshopForm(initial={"on": _proposed(timezone.localdate()), "at": BEGINS}))


@require_safe
@for_groups(*STEERING)
def one_page(request: HttpRequest) -> HttpResponse:
    facts = _facts()
    return _file(paper.one_pager(facts), PDF, f"crm-adoption-{facts.today}.pdf")


@require_safe
@for_groups(*STEERING)
def slides(request: HttpRequest) -> HttpResponse:
    facts = _facts()
    return _file(deck.deck(facts), PPTX, f"crm-adoption-{facts.today}.pptx")


@require_safe
@for_groups(*STEERING)
def workshop_pdf(request: HttpRequest) -> HttpResponse:
    form = _asked(request)
    if not form.is_valid():
        return _page(request, form, status=422)
    facts = _facts()
    return _file(paper.agenda(facts, workshop(facts, form.starts_at)), PDF, f"workshop-{form.starts_at:%Y-%m-%d}.pdf")


@require_safe
@for_groups(*STEERING)
def workshop_ics(request: HttpRequest) -> HttpResponse:
    """The workshop as an appointment; the same day keeps the same UID, so a second download moves nothing twice."""
    form = _asked(request)
    if not form.is_valid():
        return _page(request, form, status=422)
    facts, day = _facts(), f"{form.starts_at:%Y-%m-%d}"
    file = feed.workshop_file(
        workshop(facts, form.starts_at), name=_("Adoption workshop"), uid=f"workshop-{day}@{request.get_host()}",
        now=facts.now,
    )  # fmt: skip
    return _file(file, ICS, f"workshop-{day}.ics")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def my_calendar(request: HttpRequest) -> HttpResponse:
    """One's link; an address just made is in this one answer and nowhere else."""
    me, made = reader(request), ""
    if request.method == "POST":
        key = services.make_calendar_link(me, now=timezone.now())
        made = f"{request.build_absolute_uri(reverse('calendar-feed'))}?key={key}"
    gets_letter = belongs(me, STEERING)
    context = {
        "made": made,
        "link": me.calendar_links.filter(revoked_at=None).first(),
        "gets_letter": gets_letter,
        "wants_letter": gets_letter and services.wants_digest(me),
    }
    return render(request, "plan/my_calendar.html", context)


@require_POST
@signed_in
def calendar_revoke(request: HttpRequest) -> HttpResponse:
    if services.revoke_calendar_link(reader(request), now=timezone.now()):
        messages.success(request, _("The link opens nothing any more."))
    return redirect("my-calendar")


@require_POST
@for_groups(*STEERING)
def letter_choice(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("wanted") == "yes"
    services.set_digest(reader(request), wanted=wanted)
    messages.success(request, _("You get the weekly letter.") if wanted else _("You get no weekly letter any more."))
    return redirect("my-calendar")


@never_cache
@require_safe
def calendar_feed(request: HttpRequest) -> HttpResponse:
    """Whoever knows the key reads; calendars cannot sign in. The key is in the query, which our log does not keep."""
    person = services.person_of_key(request.GET.get("key", ""))
    if person is None:
        raise Http404
    with translation.override(person.language), timezone.override(zone_named(person.time_zone)):
        site = request.build_absolute_uri("/").rstrip("/")
        file = feed.feed(person, site=site, today=timezone.localdate())
    answer = HttpResponse(file, content_type=ICS)
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _page(request: HttpRequest, form: WorkshopForm, status: int = 200) -> HttpResponse:
    return render(request, "plan/handouts.html", {"form": form, "facts": _facts()}, status=status)


def _facts() -> Facts:
    return gather(now=timezone.now(), today=timezone.localdate())


def _proposed(today: date) -> date:
    return max(cycle(today).due_on, today + AHEAD)


def _asked(request: HttpRequest) -> WorkshopForm:
    """The day and hour of the query; what it does not say is proposed."""
    proposed = {"on": _proposed(timezone.localdate()).isoformat(), "at": BEGINS.isoformat("minutes")}
    return WorkshopForm({name: request.GET.get(name, value) for name, value in proposed.items()})


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
