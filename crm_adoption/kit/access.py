"""Who may: a page or an endpoint names its groups; everybody else is refused."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

LEAD, SPONSOR, STEWARD, TRAINER = "adoption lead", "executive sponsor", "data steward", "trainer"
CHAMPION, ANALYST, INTEGRATION, END_USER = "champion", "analyst", "integration", "end-user"
GROUPS = (LEAD, SPONSOR, STEWARD, TRAINER, CHAMPION, ANALYST, INTEGRATION, END_USER)
EVERYBODY = GROUPS

View = Callable[..., HttpResponse]


def belongs(user: Any, groups: tuple[str, ...]) -> bool:
    """Is this signed-in person in one of the groups? A superuser is in all of them."""
    if not (user and user.is_authenticated and user.is_active):
        return False
    return bool(user.is_superuser or user.group_names & set(groups))


def for_groups(*groups: str) -> Callable[[View], View]:
    """Let only these groups see a page; nobody is sent to sign in, the others get 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not belongs(request.user, groups):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        inner = login_required(guarded)
        inner.groups = groups  # type: ignore[attr-defined]
        return inner

    return decorate
