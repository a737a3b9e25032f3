"""Who answers for what, and the committee of champions, over the API: read only."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crm_adoption.kit.access import ANALYST, CHAMPION, INTEGRATION, LEAD, SPONSOR, STEWARD
from crm_adoption.people.models import Seat
from crm_adoption.plan.models import Decision, Review
from crm_adoption.plan.queries.committee import Committee, Member, committee, committee_agenda, meetings
from crm_adoption.plan.queries.ownership import Owned, owned

READERS = (LEAD, SPONSOR, STEWARD, CHAMPION, ANALYST, INTEGRATION)
MEETINGS = 20


def _holder(seat: Seat | None) -> str | None:
    return str(seat.holder) if seat is not None and not seat.is_vacant else None


class OwnedFacts(serializers.Serializer[Any]):
    scope = serializers.CharField(help_text="process or source.")
    name = serializers.CharField(source="key")
    url = serializers.CharField()
    business_owner = serializers.SerializerMethodField(help_text="null where nobody answers.")
    technology_owner = serializers.SerializerMethodField(help_text="null where nobody answers.")
    vacant = serializers.ListField(child=serializers.CharField(), help_text="The kinds of seat nobody holds.")
    by_programme = serializers.BooleanField(help_text="The programme's owners answer where it has none of its own.")

    def get_business_owner(self, one: Owned) -> str | None:
        return _holder(one.business)

    def get_technology_owner(self, one: Owned) -> str | None:
        return _holder(one.technology)


class OwnershipView(APIView):
    """Every process and every system with its business and its technology owner."""

    readers = READERS

    @extend_schema(responses=OwnedFacts(many=True))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(OwnedFacts(owned(), many=True).data)


class MemberFacts(serializers.Serializer[Any]):
    team = serializers.CharField(source="team.name")
    champion = serializers.SerializerMethodField(help_text="null where the group has none.")
    people = serializers.IntegerField()
    open_issues = serializers.IntegerField(source="issues")

    def get_champion(self, one: Member) -> str | None:
        return _holder(one.seat)


class TopicFacts(serializers.Serializer[Any]):
    kind = serializers.CharField(help_text="decided, issue, late, gap, owner or changed.")
    sentence = serializers.CharField()
    url = serializers.CharField()


class DecisionFacts(serializers.ModelSerializer[Decision]):
    class Meta:
        model = Decision
        fields = ("id", "text", "work_item")
        read_only_fields = fields


class MeetingFacts(serializers.ModelSerializer[Review]):
    decisions = DecisionFacts(many=True, read_only=True)

    class Meta:
        model = Review
        fields = ("id", "planned_on", "held_on", "led_by", "decisions")
        read_only_fields = fields


class CommitteeFacts(serializers.Serializer[Committee]):
    is_asked_for = serializers.BooleanField(help_text="A small internal IT and several groups.")
    sits = serializers.BooleanField(help_text="Every group has a champion, and it met within its interval.")
    lacks = serializers.CharField(help_text="Why it does not sit; empty where it does.")
    members = MemberFacts(many=True)
    owns = OwnedFacts(many=True)
    every_days = serializers.IntegerField()
    due_on = serializers.DateField(allow_null=True)
    agenda = serializers.SerializerMethodField(help_text="What the next meeting would speak about today.")
    meetings = serializers.SerializerMethodField(help_text=f"The newest {MEETINGS}.")

    @extend_schema_field(TopicFacts(many=True))
    def get_agenda(self, _found: Committee) -> Any:
        return TopicFacts(committee_agenda(now=timezone.now(), today=timezone.localdate()), many=True).data

    @extend_schema_field(MeetingFacts(many=True))
    def get_meetings(self, _found: Committee) -> Any:
        return MeetingFacts(meetings().prefetch_related("decisions")[:MEETINGS], many=True).data


class CommitteeView(APIView):
    """The committee of champions: who sits in it, what it owns, what it speaks about and what it decided."""

    readers = READERS

    @extend_schema(responses=CommitteeFacts)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(CommitteeFacts(committee(timezone.localdate())).data)
