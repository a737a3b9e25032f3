"""The schema of the REST API as it is served."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import get_language
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request
from rest_framework.response import Response

Written = tuple[bytes, dict[str, str]]
KEPT_HEADERS = ("Content-Type", "Content-Disposition")
_written: dict[tuple[str, ...], Written] = {}


class SchemaView(SpectacularAPIView):
    """Written once a process, language and format, which takes a second: it describes code, and is the same for all."""

    permission_classes = ()

    def _get_schema_response(self, request: Request) -> HttpResponseBase:
        renderer = self.perform_content_negotiation(request, force=True)[0]
        key = (settings.ROOT_URLCONF, str(get_language()), str(renderer.media_type))
        # Whatever else is asked for is not kept: anybody could fill the memory.
        usual = key[1] in dict(settings.LANGUAGES) and "version" not in request.GET
        if usual and key in _written:
            content, headers = _written[key]
            return HttpResponse(content, headers=headers)
        response: Response = super()._get_schema_response(request)  # type: ignore[no-untyped-call]
        if usual:
            response.add_post_render_callback(
                lambda made: _written.update({key: (made.content, {name: made[name] for name in KEPT_HEADERS})})
            )
        return response
