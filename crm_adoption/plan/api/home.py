"""How much of a role's use comes from inside its own program, over the API: read only."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crm_adoption.plan.api.base import READERS
from crm_adoption.plan.queries.home_application import at_home


class ClientShareFacts(serializers.Serializer[Any]):
    name = serializers.CharField(help_text="As logs write it.")
    share = serializers.FloatField()
    is_home = serializers.BooleanField(help_text="A way inside the role's own program goes by that name.")
    is_known = serializers.BooleanField(help_text="Some way of the role goes by that name.")


class RoleAtHomeFacts(serializers.Serializer[Any]):
    job_role = serializers.CharField(source="role.name")
    programs = serializers.SerializerMethodField(help_text="The open ways inside a program of its own.")
    share = serializers.FloatField(allow_null=True, help_text="null without such a way, or of too few people.")
    people = serializers.IntegerField()
    actions = serializers.IntegerField(source="counted", help_text="Whose client a log names.")
    clients = ClientShareFacts(many=True)

    def get_programs(self, one: Any) -> list[str]:
        return [path.client for path in one.homes]


class AtHomeFacts(serializers.Serializer[Any]):
    until = serializers.DateField(allow_null=True, help_text="The newest day whose client is known; 28 days count.")
    known = serializers.FloatField(allow_null=True, help_text="Part of all use in these days whose client is known.")
    roles = RoleAtHomeFacts(many=True)


class AtHomeView(APIView):
    """Each role's share of use inside the program in which it works anyway (P32)."""

    readers = READERS

    @extend_schema(responses=AtHomeFacts)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(AtHomeFacts(at_home(timezone.localdate())).data)
