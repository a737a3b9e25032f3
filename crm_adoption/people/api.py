"""People over the API: read only."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crm_adoption.kit.access import EVERYBODY, LEAD, STEWARD
from crm_adoption.kit.looking import ShowsPeople
from crm_adoption.kit.paging import KeysetPagination
from crm_adoption.kit.permissions import SCOPES
from crm_adoption.people import looks, queries
from crm_adoption.people.filters import PersonFilter
from crm_adoption.people.models import ApiToken, Look, Person


class PersonSerializer(serializers.ModelSerializer[Person]):
    groups = serializers.SlugRelatedField(many=True, read_only=True, slug_field="name")  # type: ignore[var-annotated]
    team = serializers.SlugRelatedField(read_only=True, slug_field="name", allow_null=True)  # type: ignore[var-annotated]
    job_role = serializers.SlugRelatedField(read_only=True, slug_field="name", allow_null=True)  # type: ignore[var-annotated]
    active = serializers.BooleanField(source="is_active", read_only=True)

    class Meta:
        model = Person
        fields = ("id", "name", "email", "team", "job_role", "manager", "started_on", "groups", "active")
        read_only_fields = fields


class TokenFacts(serializers.ModelSerializer[ApiToken]):
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=SCOPES), read_only=True)

    class Meta:
        model = ApiToken
        fields = ("name", "scopes", "expiry")
        read_only_fields = fields


class Me(PersonSerializer):
    token = serializers.SerializerMethodField(help_text="What asked with; null for a session.")

    class Meta(PersonSerializer.Meta):
        fields = (*PersonSerializer.Meta.fields, "language", "time_zone", "token")  # type: ignore[assignment]
        read_only_fields = fields  # type: ignore[assignment]

    @extend_schema_field(TokenFacts(allow_null=True))
    def get_token(self, person: Person) -> dict[str, Any] | None:
        token = self.context["request"].auth
        return dict(TokenFacts(token).data) if isinstance(token, ApiToken) else None


class PersonViewSet(ShowsPeople, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Person]):
    """Everybody known here. The list is a directory; whoever is looked at alone can read by whom (`/me/looks/`)."""

    shows = ("people.person", _("Who you are here: team, role, groups and seats"))
    person_of = "pk"
    list_shows = False
    readers = (LEAD, STEWARD)
    serializer_class = PersonSerializer
    filterset_class = PersonFilter
    queryset = Person.objects.all()

    def get_queryset(self) -> QuerySet[Person]:
        return queries.people()


class MeView(APIView):
    """Who asks, and with which rights."""

    readers = EVERYBODY

    @extend_schema(responses=Me)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(Me(cast(Person, request.user), context={"request": request}).data)


class LookSerializer(serializers.ModelSerializer[Look]):
    viewer = serializers.SlugRelatedField(  # type: ignore[var-annotated]
        read_only=True, slug_field="name", allow_null=True, help_text="Null where that person is gone."
    )
    kind = serializers.CharField(read_only=True, help_text="What they saw, in words.")
    via = serializers.ChoiceField(choices=Look.Via.choices, read_only=True)

    class Meta:
        model = Look
        fields = ("viewer", "role", "what", "kind", "via", "on", "times", "first_at", "last_at")
        read_only_fields = fields


class NewestLookFirst(KeysetPagination):
    ordering = ("-last_at", "-pk")  # type: ignore[assignment]


class OwnLooksViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Look]):
    """Who looked at the figures of the person who asks; nobody can ask this about somebody else."""

    readers = EVERYBODY
    serializer_class, pagination_class = LookSerializer, NewestLookFirst
    queryset = Look.objects.none()

    def get_queryset(self) -> QuerySet[Look]:
        return looks.at(cast(Person, self.request.user), timezone.localdate())
