"""A session ends when nobody used it for a while, and after half a day in any case; signing in leads back."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

BEGAN, SEEN = "began_at", "seen_at"
NOTED_EVERY = 60  # seconds: a session is not written more often than that
ENDED = {"code": "not_authenticated", "attr": None}


def begin(request: HttpRequest, **_signal: Any) -> None:
    """Somebody signed in: both clocks start."""
    request.session[BEGAN] = request.session[SEEN] = int(time.time())


class SessionsEnd:
    """Ends a session that rested for `SESSION_IDLE_MINUTES`, or is older than `SESSION_COOKIE_AGE` however busy.

    Pages opened and forms sent count as use; fragments that a page fetches by itself do not, or a page left open
    would keep its session for ever. Programs with tokens have no session.
    """

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if BEGAN not in request.session:
            if request.user.is_authenticated:
                begin(request)
            return self.answer(request)
        now = int(time.time())
        idle = now - request.session[SEEN] > settings.SESSION_IDLE_MINUTES * 60
        if idle or now - request.session[BEGAN] > settings.SESSION_COOKIE_AGE:
            return _ended(request, idle=idle)
        if now - request.session[SEEN] >= NOTED_EVERY and _is_use(request):
            request.session[SEEN] = now
        return self.answer(request)


def _is_use(request: HttpRequest) -> bool:
    by_itself = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    return request.method != "GET" or not by_itself


def _ended(request: HttpRequest, *, idle: bool) -> HttpResponse:
    """Sign out, and lead to sign-in and from there back to the page that was open."""
    logout(request)
    if request.path.startswith("/api/"):
        return JsonResponse(
            {"type": "client_error", "errors": [ENDED | {"detail": _("This session has ended; sign in again.")}]},
            status=401,
        )
    messages.info(
        request,
        _("You were away for more than %(n)s minutes. Sign in, and you are back where you were.")
        % {"n": settings.SESSION_IDLE_MINUTES}
        if idle
        else _("This session has lasted long enough. Sign in, and you are back where you were."),
    )
    to_sign_in = redirect_to_login(_page_open(request), settings.LOGIN_URL)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=200, headers={"HX-Redirect": to_sign_in["Location"]})
    return to_sign_in


def _page_open(request: HttpRequest) -> str:
    """The page somebody sees: this one, or the one whose form or fragment this is."""
    if request.method in ("GET", "HEAD") and not request.headers.get("HX-Request"):
        return request.get_full_path()
    seen = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    if not url_has_allowed_host_and_scheme(seen, {request.get_host()}):
        return "/"
    parts = urlsplit(seen)
    return parts.path + (f"?{parts.query}" if parts.query else "")
