"""Who may: a page or an endpoint names its groups; everybody else is refused."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

LEAD, SPONSOR, STEWARD, TRAINER = "adoption lead", "executive sponsor", "data steward", "trainer"
CHAMPION, ANALYST, INTEGRATION, END_USER = "champion", "analyst", "integration", "end-user"
GROUPS = (LEAD, SPONSOR, STEWARD, TRAINER, CHAMPION, ANALYST, INTEGRATION, END_USER)
EVERYBODY = GROUPS

SECOND_FACTOR_OWED = "Your role needs a second factor; set up an authenticator app first."

View = Callable[..., HttpResponseBase]


def belongs(user: Any, groups: tuple[str, ...]) -> bool:
    """Is this signed-in person in one of the groups? A superuser is in all of them."""
    if not (user and user.is_authenticated and user.is_active):
        return False
    return bool(user.is_superuser or user.group_names & set(groups))


def let_in_as(user: Any, groups: tuple[str, ...]) -> str:
    """The group by which somebody may: the first named that is theirs; "" for one's own pages, open to anybody."""
    held = user.group_names
    own = next((name for name in groups if name in held), "")
    return own or ("superuser" if user.is_superuser and groups else "")


def owes_second_factor(user: Any) -> bool:
    """Must this person set up a second factor before anything else?"""
    return bool(getattr(user, "owes_second_factor", False))


def ask_for_second_factor(request: HttpRequest) -> HttpResponse:
    messages.warning(request, SECOND_FACTOR_OWED)
    return redirect("mfa_activate_totp")


def for_groups(*groups: str) -> Callable[[View], View]:
    """Let only these groups see a page; nobody is sent to sign in, the others get 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not belongs(request.user, groups):
                raise PermissionDenied
            if owes_second_factor(request.user):
                return ask_for_second_factor(request)
            request.let_in_by = groups  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        inner = login_required(guarded)
        inner.groups = groups  # type: ignore[attr-defined]
        return inner

    return decorate


def signed_in(view: View) -> View:
    """A page of one's own: any active person, in whichever group or none."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if owes_second_factor(request.user):
            return ask_for_second_factor(request)
        return view(request, *args, **kwargs)

    return login_required(guarded)
