"""The API's side of access."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from crm_adoption.kit.access import SECOND_FACTOR_OWED, belongs, owes_second_factor
from crm_adoption.kit.looking import plain_request

if TYPE_CHECKING:
    from rest_framework.views import APIView

READ, IMPORT, ADMIN = "read", "import", "admin"
SCOPES = (READ, IMPORT, ADMIN)


class NamedGroups(BasePermission):
    """A view says `readers` and `writers`; without them it refuses everybody.

    A token must also carry the scope: `read` for safe methods, else what the view says in `scope` (default `import`).
    Scopes do not imply each other, and none gives more than the token's owner may.
    """

    message = "Your groups do not allow this; ask an adoption lead."

    def has_permission(self, request: Request, view: APIView) -> bool:
        safe = request.method in SAFE_METHODS
        named = getattr(view, "readers" if safe else "writers", ())
        if not belongs(request.user, tuple(named)):
            return False
        plain_request(request).let_in_by = tuple(named)  # type: ignore[attr-defined]
        return self._has_scope(request, view, safe) if request.auth is not None else self._may_by_session(request)

    def _has_scope(self, request: Request, view: APIView, safe: bool) -> bool:
        wanted = READ if safe else getattr(view, "scope", IMPORT)
        if wanted in getattr(request.auth, "scopes", ()):
            return True
        self.message = f"This token lacks the scope {wanted}; make one that has it."
        return False

    def _may_by_session(self, request: Request) -> bool:
        if isinstance(request.user, AnonymousUser) or not owes_second_factor(request.user):
            return True
        self.message = SECOND_FACTOR_OWED
        return False
