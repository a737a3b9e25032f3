"""The admin site has no door of its own: it opens through sign-in, second factor included."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from crm_adoption.kit.access import ask_for_second_factor, owes_second_factor

LIBRARIES = frozenset(("auth", "account", "axes", "knox", "mfa", "pghistory", "socialaccount", "usersessions"))


def may_enter(request: HttpRequest) -> bool:
    user = request.user
    return user.is_active and user.is_staff and not owes_second_factor(user)


def login(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
    """Send nobody to sign-in, who owes a second factor to set it up, and refuse who may not."""
    wanted = request.GET.get(REDIRECT_FIELD_NAME, "")
    if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        wanted = reverse("admin:index")
    if not request.user.is_authenticated:
        return redirect_to_login(wanted)
    if not request.user.is_staff:
        raise PermissionDenied
    if owes_second_factor(request.user):
        return ask_for_second_factor(request)
    return HttpResponseRedirect(wanted)


def change_password(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
    return redirect("account_change_password")


def guard(site: AdminSite) -> None:
    """Put our door in, and take out what would show other people's secrets or undo what the code decides."""
    site.has_permission = may_enter  # type: ignore[method-assign,assignment]
    site.login = login  # type: ignore[method-assign,assignment]
    site.password_change = change_password  # type: ignore[method-assign,assignment]
    for model in list(site._registry):
        if model._meta.app_label in LIBRARIES:
            site.unregister(model)
