"""Readiness of roles, and trained but not doing, over the API."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from training import queries
from training.api.courses import FACTS, role_named


class MissingFacts(serializers.Serializer[Any]):
    code = serializers.CharField()
    sentence = serializers.CharField()
    url = serializers.CharField(help_text="Where to mend it.")


class ReadinessFacts(serializers.Serializer[Any]):
    role = serializers.CharField()
    release = serializers.CharField()
    people = serializers.IntegerField()
    trained = serializers.IntegerField()
    is_ready = serializers.BooleanField()
    missing = MissingFacts(many=True)


class ReadinessView(APIView):
    """What roles still lack for a release; ready when nothing is missing."""

    readers = FACTS

    @extend_schema(
        parameters=[
            OpenApiParameter("release", str, description="The key of a release: every role it reaches."),
            OpenApiParameter("role", str, description="One job role, by name; with or without a release."),
        ],
        responses=ReadinessFacts(many=True),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        today = timezone.localdate()
        release, name = (request.query_params.get(one, "").replace("\x00", "")[:200] for one in ("release", "role"))
        if not name:
            return Response(ReadinessFacts(queries.readiness_of(release[:80], today=today), many=True).data)
        role = role_named(name)
        if role is None:
            raise NotFound(f"There is no job role {name!r}.")
        return Response(ReadinessFacts([queries.readiness(role, release[:80], today=today)], many=True).data)


class GroupFacts(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]
    trained = serializers.SerializerMethodField(help_text="Null below the floor.")
    not_doing = serializers.FloatField(source="share", allow_null=True, help_text="0 to 1; null below the floor.")
    quality = serializers.FloatField(allow_null=True, help_text="True records of those made; null below the floor.")

    def get_trained(self, group: queries.Group) -> int | None:
        return None if group.share is None else group.n


class DoingFacts(serializers.Serializer[Any]):
    until = serializers.DateTimeField(allow_null=True, help_text="As of the exports.")
    days = serializers.IntegerField()
    shown_from = serializers.IntegerField(help_text="Groups of fewer people have no figure.")
    roles = GroupFacts(many=True)
    teams = GroupFacts(many=True)


class DoingView(APIView):
    """Trained people who do not do it, by role and by team; never by name."""

    readers = FACTS

    @extend_schema(responses=DoingFacts)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(DoingFacts(queries.trained_not_doing()).data)
