"""Merges as integrations see them: what one would do, do it, what changed since, undo it."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from crm_adoption.jobs.services import start
from crm_adoption.kit.access import ANALYST, INTEGRATION, LEAD, STEWARD
from crm_adoption.people.models import Person
from dataquality import subjects
from dataquality.filters import MergeFilter, tables
from dataquality.models import Merge
from dataquality.queries.merging import Plan, merges_of, plan
from dataquality.services.merging import changed_since, merge, undo, undo_tower

KEEPERS = (LEAD, STEWARD, INTEGRATION)
READERS = (*KEEPERS, ANALYST)


class MergeSerializer(serializers.ModelSerializer[Merge]):
    class Meta:
        model = Merge
        fields = (
            "id", "table", "survivor", "losers", "chosen", "before", "after", "reason", "merged_by", "merged_at",
            "undone_by", "undone_at",
        )  # fmt: skip
        read_only_fields = fields


class AskedMergeSerializer(serializers.Serializer[Any]):
    table = serializers.CharField(max_length=80, help_text="Such as contacts.contact.")
    ids = serializers.ListField(child=serializers.IntegerField(min_value=1), min_length=2, max_length=100)
    survivor = serializers.IntegerField(required=False, help_text="Without one, the record that most points at.")
    pick = serializers.DictField(
        child=serializers.IntegerField(min_value=1), required=False, help_text="Field to the record whose value stays."
    )
    typed = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=10_000), required=False,
        help_text="Field to a value of your own.",
    )  # fmt: skip
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=1000)

    def validate_table(self, table: str) -> str:
        if table not in dict(tables()):
            raise serializers.ValidationError(f"There is no table {table!r}; known are {', '.join(dict(tables()))}.")
        return table


class FieldSerializer(serializers.Serializer[Any]):
    field = serializers.CharField()  # type: ignore[assignment]
    label = serializers.CharField()  # type: ignore[assignment]
    value = serializers.CharField(allow_blank=True)
    record = serializers.IntegerField(allow_null=True, help_text="Whose value stays; null for none, or a typed one.")
    rule = serializers.CharField()
    lost = serializers.ListField(child=serializers.CharField(), help_text="Other values, kept in the dossier only.")


class PlanSerializer(serializers.Serializer[Any]):
    survivor = serializers.IntegerField()
    losers = serializers.ListField(child=serializers.IntegerField())
    choices = FieldSerializer(many=True)
    moved = serializers.DictField(child=serializers.IntegerField(), help_text="Rows that will point at the survivor.")


class ChangeSerializer(serializers.Serializer[Any]):
    where = serializers.CharField()
    was = serializers.CharField()
    now = serializers.CharField()
    clashes = serializers.BooleanField(help_text="The merge had changed this cell as well.")


class UndoSerializer(serializers.Serializer[Any]):
    confirm = serializers.BooleanField(default=False, help_text="Keep what changed since.")
    keep = serializers.BooleanField(default=False, help_text="Leave cells that the merge had changed as well.")
    later = serializers.BooleanField(default=False, help_text="Undo the later merges that rest on it as well.")


class MergeViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet[Merge]):
    """What became one; every merge can be undone."""

    queryset = merges_of()
    serializer_class, filterset_class = MergeSerializer, MergeFilter
    readers, writers = READERS, KEEPERS

    @extend_schema(request=AskedMergeSerializer, responses={201: MergeSerializer})
    def create(self, request: Request) -> Response:
        """Merge records of one table; refused in one sentence where that cannot be."""
        said = _asked(request)
        made = merge(
            subjects.get(said["table"]), said["ids"], survivor=said.get("survivor"), chosen=_chosen(said),
            by=_person(request), now=timezone.now(), reason=said["reason"],
        )  # fmt: skip
        _check_again(request, made)
        return Response(MergeSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=AskedMergeSerializer, responses={200: PlanSerializer})
    @action(detail=False, methods=["post"])
    def preview(self, request: Request) -> Response:
        """What a merge would do; nothing is written."""
        said = _asked(request)
        made = plan(subjects.get(said["table"]), said["ids"], survivor=said.get("survivor"), chosen=_chosen(said))
        return Response(PlanSerializer(_told(made)).data)

    @extend_schema(responses={200: ChangeSerializer(many=True)})
    @action(detail=True, methods=["get"])
    def changes(self, request: Request, pk: str) -> Response:
        """What has changed since the merge, which an undo would ask about."""
        made = Merge.objects.get(pk=self.get_object().pk)
        found = [] if made.is_undone else changed_since(made).changes
        return Response(ChangeSerializer(found, many=True).data)

    @extend_schema(request=UndoSerializer, responses={200: MergeSerializer(many=True)})
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        """Take a merge apart; 409 with the list where something changed since, until it is confirmed."""
        asked = UndoSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        how = {"by": _person(request), "now": timezone.now(), "confirm": said["confirm"], "keep": said["keep"]}
        made = self.get_object()
        undone = undo_tower(made, **how) if said["later"] else [undo(made, **how)]
        for one in undone:
            _check_again(request, one)
        return Response(MergeSerializer(undone, many=True).data)


def _asked(request: Request) -> dict[str, Any]:
    asked = AskedMergeSerializer(data=request.data)
    asked.is_valid(raise_exception=True)
    return dict(asked.validated_data)


def _chosen(said: dict[str, Any]) -> dict[str, int | str]:
    return {**said.get("pick", {}), **said.get("typed", {})}


def _told(made: Plan) -> dict[str, Any]:
    return {
        "survivor": made.survivor.pk,
        "losers": [record.pk for record in made.losers],
        "choices": [
            {"field": c.field, "label": str(c.label), "value": c.kept.value, "record": c.kept.record,
             "rule": c.kept.rule, "lost": [value for _record, value in c.kept.lost]}
            for c in made.choices
            if c.is_filled or c.is_typed
        ],
        "moved": made.moved,
    }  # fmt: skip


def _check_again(request: Request, made: Merge) -> None:
    """Judge and score anew the tables of the sources concerned, by a job."""
    subject = subjects.get(made.table)
    sources = subject.model._default_manager.filter(pk__in=made.members).values_list("source_id", flat=True)
    for source in sorted(set(sources)):
        start("check_table", scope=f"{subject.slug} {source}", by=request.user)


def _person(request: Request) -> Person:
    assert isinstance(request.user, Person)
    return request.user
