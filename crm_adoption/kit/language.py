"""The language switch of the shell."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_POST
from django.views.i18n import set_language


@require_POST
def choose(request: HttpRequest) -> HttpResponseBase:
    """Answer in this language from now on: kept in a cookie, and in the profile of who is signed in."""
    wanted = request.POST.get("language", "")
    user = request.user
    if user.is_authenticated and wanted in dict(settings.LANGUAGES):
        user.language = wanted
        user.save(update_fields=["language"])
    return set_language(request)
