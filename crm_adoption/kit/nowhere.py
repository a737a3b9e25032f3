"""An address that does not exist: a page for people, the standard shape for programs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.defaults import page_not_found

NOT_FOUND = {"code": "not_found", "detail": "There is nothing at this address.", "attr": None}


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse({"type": "client_error", "errors": [NOT_FOUND]}, status=404)
    return page_not_found(request, exception)
