"""An address that does not exist, and one asked for too often: a page for people, the standard shape for programs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.defaults import page_not_found

NOT_FOUND = {"code": "not_found", "detail": "There is nothing at this address.", "attr": None}


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse({"type": "client_error", "errors": [NOT_FOUND]}, status=404)
    return page_not_found(request, exception)


def too_many(request: HttpRequest, *, seconds: int = 60) -> HttpResponse:
    """Ask again after that many seconds."""
    response = render(request, "429.html", {"minutes": -(-seconds // 60)}, status=429)
    response.headers["Retry-After"] = str(seconds)
    return response
