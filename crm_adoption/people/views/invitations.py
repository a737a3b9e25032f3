"""Inviting somebody, and accepting it."""

from __future__ import annotations

from smtplib import SMTPException

import structlog
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from crm_adoption.kit.access import LEAD, for_groups
from crm_adoption.kit.errors import Refusal
from crm_adoption.people import queries, services
from crm_adoption.people.forms import ChoosePassword, InviteForm
from crm_adoption.people.models import Invitation, Person

log = structlog.get_logger(__name__)


def _send(request: HttpRequest, invitation: Invitation) -> None:
    link = request.build_absolute_uri(reverse("accept_invitation", args=[invitation.key]))
    try:
        services.send_invitation(invitation, link=link)
    except (SMTPException, OSError) as error:
        log.warning("invitation_not_sent", invitation=invitation.pk, error=type(error).__name__)
        messages.error(
            request,
            _(
                "%(person)s is invited, but the letter could not be sent: the mail server did not take it. Check"
                " EMAIL_URL, then press Send again."
            )
            % {"person": invitation.person},
        )
    else:
        messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": invitation.person.email})


@require_http_methods(["GET", "POST"])
@for_groups(LEAD)
def invite(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, Person)
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invitation = services.invite_person(**form.cleaned_data, by=request.user, now=timezone.now())
        except Refusal as refusal:
            form.add_error("email", refusal.sentence)
        else:
            _send(request, invitation)
            return redirect("people_invite")
    status = 422 if form.is_bound else 200
    context = {"form": form, "invitations": queries.open_invitations(), "now": timezone.now()}
    return render(request, "people/invite.html", context, status=status)


@require_POST
@for_groups(LEAD)
def resend_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    assert isinstance(request.user, Person)
    invitation = get_object_or_404(Invitation, pk=pk)
    _send(request, services.resend_invitation(invitation, by=request.user, now=timezone.now()))
    return redirect("people_invite")


@require_POST
@for_groups(LEAD)
def revoke_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = services.revoke_invitation(get_object_or_404(Invitation, pk=pk), now=timezone.now())
    messages.success(
        request,
        _("The invitation of %(person)s is taken back; its link no longer works.") % {"person": invitation.person},
    )
    return redirect("people_invite")


@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def accept_invitation(request: HttpRequest, key: str) -> HttpResponse:
    """Open to whoever holds the link: choose a password, then sign in with it."""
    invitation = Invitation.objects.with_key(key).select_related("person").first()
    if invitation is None or invitation.has_expired(timezone.now()):
        return render(request, "people/invitation_over.html", status=410)
    form = ChoosePassword(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.accept_invitation(
                invitation, password=form.cleaned_data["password"], now=timezone.now(), language=get_language() or ""
            )
        except ValidationError as weak:
            form.add_error("password", weak)
        else:
            messages.success(request, _("Your password is set. Sign in with it now."))
            return redirect("account_login")
    status = 422 if form.is_bound else 200
    return render(request, "people/accept_invitation.html", {"form": form, "invitation": invitation}, status=status)
