"""Messages, promises, leaders' acts, recognitions, ways of access, trials and motivators: lists of one shape."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit.access import CHAMPION, EVERYBODY, LEAD, SPONSOR, STEWARD, TRAINER, belongs
from crm_adoption.kit.pages import Column, SavedFilter
from crm_adoption.people.models import Person
from crm_adoption.plan import services
from crm_adoption.plan.filters import (
    AccessPathFilter,
    LeaderActFilter,
    MessageFilter,
    MotivatorFilter,
    PromiseFilter,
    TrialFilter,
)
from crm_adoption.plan.forms.engagement import (
    AccessPathForm,
    LeaderActForm,
    MessageForm,
    MotivatorForm,
    PromiseForm,
    RecognitionForm,
    TrialForm,
)
from crm_adoption.plan.models import AccessPath, LeaderAct, Message, Motivator, Promise, Recognition, Trial
from crm_adoption.plan.queries import communication
from crm_adoption.plan.queries.access import access_matrix, lag_by_role
from crm_adoption.plan.queries.home_application import at_home
from crm_adoption.plan.queries.motivation import lifts, motivation
from crm_adoption.plan.queries.phases import priors
from crm_adoption.plan.queries.sponsor import silent_leaders, six_acts
from crm_adoption.plan.queries.standing import constants
from crm_adoption.plan.views.registers import Register
from crm_adoption.usage.access import KEEPERS as USE_KEEPERS

PLANNERS = (LEAD, SPONSOR, CHAMPION)


def _by(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user


def _plain(request: HttpRequest, form: Any) -> Any:
    return form.save()


messages = Register(
    "message", "messages", Message, MessageForm,
    columns=[
        Column("subject", _("Subject"), kind="link"),
        Column("audience", _("For whom"), accessor=communication.audience_of),
        Column("moment", _("Moment"), accessor=lambda one: one.get_moment_display()),
        Column("holds", _("Holds"), accessor=communication.letters_of, template="plan/_message_holds.html"),
        Column("leader", _("From")),
        Column("due_on", _("Due"), kind="date"),
        Column("sent_at", _("Sent"), kind="moment"),
        Column("reach", _("Reached"), kind="number"),
    ],
    ordering={"due_on": ("due_on", "pk"), "sent_at": ("-sent_at", "pk"), "subject": "subject"},
    title=_("Messages"),
    lead=_("What is said to whom at which moment; each should hold timeline, roles, deliverables and vision."),
    new=_("New message"), save=_plain, done=_("The message is saved."),
    rows=lambda request: Message.objects.select_related("job_role", "team", "leader", "phase"),
    filterset=MessageFilter, readers=PLANNERS, writers=PLANNERS, has_page=True,
    initial=("phase", "job_role", "moment", "audience", "leader"),
    saved=[SavedFilter(_("To send"), "state=planned")],
    template="plan/messages.html",
    context=lambda request: {"coverage": communication.coverage()},
    empty=_("Nothing was said yet; begin with the vision, from the sponsor, to everybody."),
)  # fmt: skip

promises = Register(
    "promise", "promises", Promise, PromiseForm,
    columns=[
        Column("text", _("Promise"), kind="link"),
        Column("due_on", _("Due"), kind="date"),
        Column("state", _("State"), kind="badge"),
        Column("settled_value", _("What came"), template="plan/_promise_came.html"),
        Column("message", _("Said in")),
        Column("made_by", _("By")),
    ],
    ordering={"due_on": ("due_on", "pk"), "state": ("state", "due_on")},
    title=_("Promises"),
    lead=_("What people were promised, by when, and whether the figures kept it."),
    new=_("New promise"),
    save=lambda request, form: services.make_promise(form.save(commit=False), by=_by(request)),
    done=_("The promise is written down."),
    rows=lambda request: Promise.objects.select_related("message", "made_by"),
    filterset=PromiseFilter, readers=PLANNERS, writers=PLANNERS, initial=("message",),
    saved=[SavedFilter(_("Open"), "state=open"), SavedFilter(_("Broken"), "state=broken")],
    empty=_("Nothing was promised yet."),
)  # fmt: skip

leader_acts = Register(
    "leader-act", "leader-acts", LeaderAct, LeaderActForm,
    columns=[
        Column("kind", _("Act"), kind="link", accessor=lambda one: one.get_kind_display()),
        Column("leader", _("Leader")),
        Column("moment", _("Moment"), accessor=lambda one: one.get_moment_display()),
        Column("on", _("On"), kind="date"),
        Column("evidence", _("Where it was seen")),
    ],
    ordering={"on": ("-on", "-pk")},
    title=_("Acts of leaders"),
    lead=_("What leaders were seen to do; passivity sets in where nothing is seen for long."),
    new=_("New act"), save=_plain, done=_("The act is written down."),
    rows=lambda request: LeaderAct.objects.select_related("leader"),
    filterset=LeaderActFilter, readers=PLANNERS, writers=PLANNERS, initial=("leader", "kind", "moment"),
    template="plan/leader_acts.html",
    context=lambda request: {
        "grid": (grid := communication.leader_grid(timezone.now())),
        "silent_after": priors().silent_after_days,
        "acts": six_acts(timezone.localdate()),
        "silent": silent_leaders(timezone.now(), grid),
    },
    empty=_("No leader was seen to do anything for it yet."),
)  # fmt: skip

recognitions = Register(
    "recognition", "recognitions", Recognition, RecognitionForm,
    columns=[
        Column("to", _("To"), kind="link"),
        Column("contributed_to", _("What it contributed to")),
        Column("given_by", _("From")),
        Column("on", _("On"), kind="date"),
    ],
    ordering={"on": ("-on", "-pk")},
    title=_("Recognitions"),
    lead=_("Thanks that say what somebody's work contributed to."),
    new=_("Thank somebody"),
    save=lambda request, form: services.recognise(form.save(commit=False), by=_by(request), today=timezone.localdate()),
    done=_("Your thanks are written down, and count as an act of yours."),
    rows=lambda request: Recognition.objects.select_related("given_by", "to", "objective"),
    readers=PLANNERS, writers=(LEAD, SPONSOR, CHAMPION), initial=("to",),
    empty=_("Nobody was thanked yet; say what somebody's work contributed to."),
)  # fmt: skip

access_paths = Register(
    "access-path", "access-paths", AccessPath, AccessPathForm,
    columns=[
        Column("job_role", _("Job role"), kind="link"),
        Column("client", _("With")),
        Column("device", _("On"), accessor=lambda one: one.get_device_display()),
        Column("network", _("Where"), accessor=lambda one: one.get_network_display()),
        Column("steps", _("Steps"), kind="number"),
        Column("state", _("State"), template="plan/_access_state.html"),
        Column("reason", _("Because")),
    ],
    ordering={"job_role": ("job_role__name", "device", "pk"), "steps": ("-steps", "pk")},
    title=_("Ways to the CRM"),
    lead=_("How each role reaches it, on which device and from where, in how many steps; roadblocks stand out."),
    new=_("New way"),
    save=lambda request, form: services.save_access_path(form.save(commit=False), by=_by(request)),
    done=_("The way is saved."),
    rows=lambda request: AccessPath.objects.select_related("job_role", "decided_by"),
    filterset=AccessPathFilter, readers=EVERYBODY, writers=(LEAD, STEWARD, CHAMPION), initial=("job_role", "device"),
    saved=[
        SavedFilter(_("To do"), "state=todo"),
        SavedFilter(_("Prohibited and not told"), "untold=true"),
        SavedFilter(_("More than three steps"), "long=true"),
    ],
    template="plan/access_paths.html",
    context=lambda request: {
        "matrix": access_matrix(),
        "lags": lag_by_role(timezone.now(), shown_from=constants().claims_shown_from),
        "home": at_home(timezone.localdate()),
        "may_read_use": belongs(request.user, USE_KEEPERS),
    },
    empty=_("No way to the CRM is recorded; begin with the role that is most on the road."),
)  # fmt: skip

trials = Register(
    "trial", "trials", Trial, TrialForm,
    columns=[
        Column("use_case", _("Use case"), kind="link"),
        Column("job_role", _("As")),
        Column("phase", _("Before")),
        Column("passed", _("Result"), template="plan/_trial_result.html"),
        Column("seconds", _("Seconds, p95"), kind="number"),
        Column("on", _("On"), kind="date"),
    ],
    ordering={"phase": ("phase__position", "use_case", "pk"), "on": ("-on", "pk")},
    title=_("Trials"),
    lead=_("Use cases tried before a release; only those as an end-user in a place like production count."),
    new=_("New trial"),
    save=lambda request, form: services.save_trial(form.save(commit=False), by=_by(request)),
    done=_("The trial is saved."),
    rows=lambda request: Trial.objects.select_related("phase", "job_role"),
    filterset=TrialFilter, readers=EVERYBODY, writers=(LEAD, TRAINER, CHAMPION), initial=("phase", "job_role"),
    saved=[SavedFilter(_("Not tried"), "tried=false"), SavedFilter(_("Do not count"), "counts=false")],
    empty=_("Nothing was tried yet; a release opens once its use cases were tried as its users will use it."),
)  # fmt: skip

motivators = Register(
    "motivator", "motivators", Motivator, MotivatorForm,
    columns=[
        Column("job_role", _("Job role"), kind="link"),
        Column("kind", _("Kind"), accessor=lambda one: one.get_kind_display()),
        Column("tactic", _("What is told or done")),
        Column("owner", _("Owner")),
        Column("told_on", _("Since"), kind="date"),
        Column("active", _("In use"), template="plan/_motivator_active.html"),
    ],
    ordering={"job_role": ("job_role__name", "kind", "pk"), "told_on": ("-told_on", "pk")},
    title=_("Motivation"),
    lead=_("What is in it for each role, told; and at least three more reasons to want it, each with an owner."),
    new=_("New motivator"), save=_plain, done=_("The motivator is saved."),
    rows=lambda request: Motivator.objects.select_related("job_role", "owner"),
    filterset=MotivatorFilter, readers=PLANNERS, writers=PLANNERS, initial=("job_role", "kind"),
    saved=[SavedFilter(_("Nobody owns it"), "vacant=true")],
    template="plan/motivators.html",
    context=lambda request: {"roles": motivation(), "lifts": lifts(timezone.localdate())},
    empty=_("“Build it and they will come” is no strategy: say what is in it for one role first."),
)  # fmt: skip

REGISTERS = (messages, promises, leader_acts, recognitions, access_paths, trials, motivators)
