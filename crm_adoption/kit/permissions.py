"""The API's side of access."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

if TYPE_CHECKING:
    from rest_framework.views import APIView

from crm_adoption.kit.access import belongs


class NamedGroups(BasePermission):
    """A view says `readers` and `writers`; without them it refuses everybody."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        safe = request.method in ("GET", "HEAD", "OPTIONS")
        named = getattr(view, "readers" if safe else "writers", ())
        return belongs(request.user, tuple(named))
