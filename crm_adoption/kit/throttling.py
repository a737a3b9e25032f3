"""How often one caller may ask the API: so many requests a minute, counted in the store, then 429 with Retry-After."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from crm_adoption.kit.models import Caller
from crm_adoption.kit.prepared import fetch_prepared

if TYPE_CHECKING:
    from rest_framework.views import APIView

# The window before counts for the part of it that lies less than one window ago. Refused requests are not counted.
COUNT = """
    INSERT INTO kit_caller AS k (who, "window", calls, before) VALUES ($1::text, $2::bigint, 1, 0)
        ON CONFLICT (who) DO UPDATE
       SET calls = CASE WHEN k."window" = $2 THEN k.calls + 1 ELSE 1 END,
           before = CASE k."window" WHEN $2 THEN k.before WHEN $2 - 1 THEN k.calls ELSE 0 END,
           "window" = $2
     WHERE CASE k."window"
           WHEN $2 THEN k.calls + k.before * $3::float8
           WHEN $2 - 1 THEN k.calls * $3
           ELSE 0 END + 1 <= $4::bigint
    RETURNING 1"""  # $1 who asks, $2 the window, $3 the share of the window before that counts, $4 how many may


class PerCaller(SimpleRateThrottle):
    """A person, by whichever token or session, or the address of nobody in particular; `API_RATE` empty is no limit."""

    scope = "api"
    duration: int  # seconds
    num_requests: int

    def get_rate(self) -> str | None:  # type: ignore[override]
        return settings.API_RATE or None

    def get_cache_key(self, request: Request, view: APIView) -> str:
        if request.user and request.user.is_authenticated:
            return f"person {request.user.pk}"
        return f"address {sha256(self.get_ident(request).encode()).hexdigest()}"

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Count the request in one statement of the store, unless there were as many as the rate allows."""
        if self.rate is None:
            return True
        self.key, self.now = self.get_cache_key(request, view), self.timer()
        window, past = divmod(self.now, self.duration)
        asked = [self.key, int(window), 1 - past / self.duration, self.num_requests]
        return bool(fetch_prepared("count_caller", COUNT, asked))

    def wait(self) -> float | None:
        """Seconds until the next request would be counted, where nobody else asks in that caller's name."""
        window, past = divmod(self.now, self.duration)
        counted = Caller.objects.filter(who=self.key, window__gte=window - 1).first()
        if counted is None:
            return 1.0
        calls, before = (counted.calls, counted.before) if counted.window == window else (0, counted.calls)
        room = self.num_requests - 1
        if calls > room:  # in the next window, once enough of this one lies behind
            return float(max(1.0, self.duration * (2 - room / calls) - past))
        return float(max(1.0, self.duration * (1 - (room - calls) / max(before, 1)) - past))


def forget_callers() -> None:
    """Forget who asked how often, but for those who did in this window or in the one before."""
    throttle, gone = PerCaller(), Caller.objects.all()
    if throttle.rate is not None:
        window = throttle.timer() // throttle.duration
        gone = gone.exclude(window__range=(window - 1, window))
    gone.delete()
