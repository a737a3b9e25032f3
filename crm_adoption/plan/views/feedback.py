"""What people say and what becomes of it; what they were promised; what one person may expect."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm_adoption.jobs.services import start
from crm_adoption.kit.access import CHAMPION, EVERYBODY, LEAD, SPONSOR, belongs, for_groups
from crm_adoption.kit.pages import Column, SavedFilter, editing, listing
from crm_adoption.plan import services
from crm_adoption.plan.filters import FeedbackFilter
from crm_adoption.plan.forms.feedback import AgreeForm, AnswerForm, FeedbackForm, SettleForm
from crm_adoption.plan.models import Feedback, Message, Motivator, Promise
from crm_adoption.plan.queries import communication, ranking
from crm_adoption.plan.queries.expectations import BY, agreed, expectation, expectations
from crm_adoption.plan.queries.pulse import open_for
from crm_adoption.plan.views.phases import reader, said

ANSWERERS = (LEAD, SPONSOR, CHAMPION)
LINES = 20  # of each ranking


@require_http_methods(["GET", "HEAD", "POST"])
@for_groups(*EVERYBODY)
def feedback(request: HttpRequest) -> HttpResponseBase:
    """All that people said, with voices and answers; names only to those who answer."""
    answers = belongs(request.user, ANSWERERS)
    columns = [
        Column("text", gettext_lazy("What was said"), kind="link"),
        Column("kind", gettext_lazy("Kind"), accessor=lambda one: one.get_kind_display()),
        *([Column("raised_by", gettext_lazy("From"))] if answers else []),
        Column("voices", gettext_lazy("Voices"), kind="number"),
        Column("created_at", gettext_lazy("Said"), kind="moment"),
        Column("state", gettext_lazy("State"), template="plan/_feedback_state.html"),
    ]
    return listing(
        request, communication.feedback_for(reader(request)), FeedbackFilter, "plan/feedback.html",
        columns=columns, ordering={"created_at": ("-created_at", "-pk")}, export_name="feedback",
        saved=[
            SavedFilter(gettext_lazy("To answer"), "state=open"),
            SavedFilter(gettext_lazy("Roadblocks"), "kind=roadblock"),
            SavedFilter(gettext_lazy("Expectations"), "kind=expectation"),
            SavedFilter(gettext_lazy("Called outdated"), "kind=outdated"),
        ],
        context={
            "title": _("Feedback"),
            "answering": communication.answering(timezone.now()),
            "may_answer": answers,
            "agreed": agreed(expectations(timezone.localdate())),
            "empty_sentence": _("Nobody has said anything yet; be the first."),
        },
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@for_groups(*EVERYBODY)
def feedback_new(request: HttpRequest) -> HttpResponse:
    form = FeedbackForm(request.POST or None, initial={"kind": request.GET.get("kind", "request")})
    return editing(
        request, form, "plan/feedback_new.html",
        save=lambda sent: services.give_feedback(by=reader(request), now=timezone.now(), **sent.cleaned_data),
        success_url=lambda made: made.get_absolute_url(),
        done=_("It is on its way; you see here what becomes of it."),
        context={"title": _("Say something")},
    )  # fmt: skip


@require_safe
@for_groups(*EVERYBODY)
def feedback_one(request: HttpRequest, pk: int) -> HttpResponse:
    me = reader(request)
    shown = get_object_or_404(communication.feedback_for(me), pk=pk)
    answers = belongs(me, ANSWERERS)
    context = {
        "one": shown,
        "may_answer": answers,
        "sees_name": answers or shown.raised_by_id == me.pk,
        "is_own": shown.raised_by_id == me.pk,
        "may_plan": belongs(me, (LEAD,)),
        "escalations": shown.escalations.select_related("seat__holder"),
        "form": AnswerForm(initial={"text": shown.answer}),
        "expectation": expectation(shown, timezone.localdate()),
    }
    return render(request, "plan/feedback_one.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_groups(*ANSWERERS)
def feedback_agree(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree on what will show an expectation met; whoever raised it reads that."""
    shown = get_object_or_404(Feedback, pk=pk, kind=Feedback.Kind.EXPECTATION)
    known = {
        "measured_by": f"{shown.check_slug}{BY}{shown.figure}" if shown.figure else shown.check_slug,
        "comparator": shown.comparator, "threshold": shown.threshold, "due_on": shown.due_on,
    }  # fmt: skip
    form = AgreeForm(request.POST or None, initial=known)
    return editing(
        request, form, "plan/feedback_agree.html",
        save=lambda sent: services.agree_expectation(
            shown, by=reader(request), today=timezone.localdate(), **sent.agreed
        ),
        success_url=shown.get_absolute_url(), done=_("It is agreed; the readings tell from now on whether it is met."),
        context={"title": _("Agree on a measure"), "one": shown, "back": shown.get_absolute_url()},
    )  # fmt: skip


@require_safe
@for_groups(*ANSWERERS)
def feedback_ranking(request: HttpRequest) -> HttpResponse:
    """What to take up next: requests by rule, roadblocks by whom they stop, and how soon each seat answers."""
    now = timezone.now()
    wanted, asking = ranking.requests()
    context = {
        "requests": wanted,
        "asking": asking,
        "stopping": ranking.stopping(now),
        "seats": ranking.hours_by_seat(now),
        "technology": ranking.hours_to_resolve(now, Feedback.Area.TECHNOLOGY),
        "limit": LINES,
        "may_plan": belongs(request.user, (LEAD,)),
    }
    return render(request, "plan/feedback_ranking.html", context)


@require_POST
@for_groups(*EVERYBODY)
def feedback_vote(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(Feedback, pk=pk)
    said(request, lambda: services.vote(shown, by=reader(request)), _("Your voice counts."))
    return redirect(shown.get_absolute_url())


@require_POST
@for_groups(*ANSWERERS)
def feedback_answer(request: HttpRequest, pk: int) -> HttpResponse:
    shown, form = get_object_or_404(Feedback, pk=pk), AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write the answer; whoever asked reads it."))
    else:
        wish = form.cleaned_data
        said(request, lambda: services.answer_feedback(
            shown, by=reader(request), text=wish["text"], resolved=wish["resolved"], now=timezone.now()),
            _("The answer is there for those who asked."))  # fmt: skip
    return redirect(shown.get_absolute_url())


@require_POST
@for_groups(*ANSWERERS)
def feedback_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Escalate, resolve, or make work of it."""
    shown, now, by = get_object_or_404(Feedback, pk=pk), timezone.now(), reader(request)
    if act == "escalate":
        said(request, lambda: services.escalate(shown, by=by, now=now), _("It is passed one rung up."))
    elif act == "resolve":
        said(request, lambda: services.resolve_feedback(shown, by=by, now=now), _("It is resolved."))
    else:
        said(request, lambda: services.make_work_of(
            shown, title=shown.text.splitlines()[0][:200], by=by, today=timezone.localdate()),
            _("It is a work item now."))  # fmt: skip
    return redirect(shown.get_absolute_url())


# --- messages and promises ----------------------------------------------------------------------------------------
@require_safe
@for_groups(*ANSWERERS)
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """One message: what it holds and lacks, whom it reaches, and the way to send it."""
    shown = get_object_or_404(Message.objects.select_related("job_role", "team", "leader", "phase", "objective"), pk=pk)
    context = {
        "message": shown,
        "audience": communication.audience_of(shown),
        "readers": communication.readers_of(shown).count(),
        "promises": shown.promises.all(),
        "letters": communication.letters(shown),
        "elements": [
            (_("Timeline and its risks"), shown.has_timeline),
            (_("Roles and responsibilities: what is expected of whom, when"), shown.has_roles),
            (_("Deliverables: what people will see"), shown.has_deliverables),
            (_("Vision"), shown.has_vision),
        ],
    }
    return render(request, "plan/message.html", context)


@require_POST
@for_groups(*ANSWERERS)
def message_send(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(Message, pk=pk)
    channel = request.POST.get("channel", Message.Channel.MAIL)
    if channel not in Message.Channel.values:
        channel = Message.Channel.MAIL
    me = reader(request)

    def send() -> None:
        with transaction.atomic():
            sent = services.send_message(shown, by=me, now=timezone.now(), channel=channel)
            if sent.channel == Message.Channel.MAIL:
                start("send_message", scope=str(sent.pk), by=me)

    said(request, send, _("It is on its way; this page tells whom it reached.")
         if channel == Message.Channel.MAIL else _("It is noted as said elsewhere."))  # fmt: skip
    return redirect(shown.get_absolute_url())


@require_POST
@for_groups(*ANSWERERS)
def message_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Write to those whom the mail server missed."""
    shown, me = get_object_or_404(Message, pk=pk), reader(request)

    def again() -> None:
        with transaction.atomic():
            services.check_undelivered(shown)
            start("send_message", scope=str(shown.pk), by=me)

    said(request, again, _("It is on its way to those it has not reached."))
    return redirect(shown.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
@for_groups(LEAD, SPONSOR)
def promise_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whether a promise that no check decides was kept."""
    shown = get_object_or_404(Promise, pk=pk)
    form = SettleForm(request.POST or None)
    return editing(
        request, form, "plan/promise_settle.html",
        save=lambda sent: services.settle_by_hand(
            shown, kept=sent.cleaned_data["kept"], note=sent.cleaned_data["note"], today=timezone.localdate()
        ),
        success_url="promises", done=_("It is settled; those it was made to read why."),
        context={"title": shown.text, "promise": shown},
    )  # fmt: skip


@require_safe
@for_groups(*EVERYBODY)
def for_me(request: HttpRequest) -> HttpResponse:
    """What this person was promised, gains, said, and is asked (U11, M11)."""
    me = reader(request)
    gains = Motivator.objects.filter(job_role=me.job_role, active=True).exclude(job_role=None)
    context = {
        "promises": communication.promises_to(me),
        "benefits": [one for one in gains if one.kind == Motivator.Kind.BENEFIT and one.told_on],
        "mine": (mine := list(communication.voices_of(me)[:10])),
        "expected": [
            one
            for one in expectations(timezone.localdate(), of=Feedback.objects.filter(pk__in=[o.pk for o in mine]))
            if one.is_agreed
        ],
        "pulse": open_for(me, timezone.localdate()),
        "messages_sent": communication.messages_to(me)[:10],
    }
    return render(request, "plan/for_me.html", context)
