"""How often one caller may ask the API: so many requests a minute, counted in the store, then 429 with Retry-After."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

if TYPE_CHECKING:
    from rest_framework.views import APIView


class PerCaller(SimpleRateThrottle):
    """A person, by whichever token or session, or the address of nobody in particular; `API_RATE` empty is no limit."""

    scope = "api"

    def get_rate(self) -> str | None:  # type: ignore[override]
        return settings.API_RATE or None

    def get_cache_key(self, request: Request, view: APIView) -> str:
        who = request.user.pk if request.user and request.user.is_authenticated else self.get_ident(request)
        return str(self.cache_format % {"scope": self.scope, "ident": who})
