"""Accounts across systems, for programs: agreement, what disagrees, changes, and whether accounts are certified."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import queries
from accounts.apps import READERS
from accounts.filters import DisagreementFilter
from accounts.models import AgreementSetting, Disagreement
from crm_adoption.jobs.api import JobSerializer
from crm_adoption.jobs.services import start
from crm_adoption.kit.access import INTEGRATION, LEAD, STEWARD

FACTS = (*READERS, INTEGRATION)


class SourceAgreementSerializer(serializers.Serializer[Any]):
    source = serializers.CharField()  # type: ignore[assignment]
    compared = serializers.IntegerField(help_text="Accounts in which this source and another fill the field.")
    agreed = serializers.IntegerField()
    blank = serializers.IntegerField(help_text="Accounts in which it is blank here and filled elsewhere.")
    rate = serializers.FloatField(allow_null=True)


class FieldAgreementSerializer(serializers.Serializer[Any]):
    field = serializers.CharField()  # type: ignore[assignment]
    label = serializers.CharField()  # type: ignore[assignment]
    master = serializers.CharField(allow_blank=True, help_text="The source that is declared the master of the field.")
    sources = SourceAgreementSerializer(many=True)


class ChangeMonthSerializer(serializers.Serializer[Any]):
    month = serializers.DateField()
    known = serializers.IntegerField(help_text="Accounts known by its end.")
    told = serializers.BooleanField(help_text="Whether an export of accounts was applied.")
    changed = serializers.DictField(child=serializers.IntegerField(), help_text="Accounts by what changed.")
    accounts = serializers.IntegerField()
    rate = serializers.FloatField(allow_null=True)


class ConditionSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    holds = serializers.BooleanField(allow_null=True, help_text="Null where nothing is known of it yet.")
    sentence = serializers.CharField()


class AccountAgreementSerializer(serializers.Serializer[Any]):
    taken_at = serializers.DateTimeField(allow_null=True)
    linked = serializers.IntegerField(help_text="Accounts that two sources or more hold.")
    rate = serializers.FloatField(allow_null=True, help_text="Of the cells that two sources or more fill.")
    target = serializers.FloatField()
    fields = FieldAgreementSerializer(many=True)  # type: ignore[assignment]
    changes = ChangeMonthSerializer(many=True)
    most_changes = serializers.FloatField(help_text="Tolerated share of accounts that change in a month.")
    certified = serializers.BooleanField()
    conditions = ConditionSerializer(many=True)


class AccountAgreementView(APIView):
    """How far the systems agree about accounts, how often accounts change, and whether they are certified."""

    readers, writers = FACTS, (LEAD, STEWARD, INTEGRATION)

    @extend_schema(responses=AccountAgreementSerializer)
    def get(self, request: Request) -> Response:
        setting, last = AgreementSetting.now(), queries.last_agreement()
        conditions = queries.certified()
        said = {
            "taken_at": last.taken_at if last else None, "linked": last.linked if last else 0,
            "rate": last.rate if last else None, "target": setting.target,
            "fields": queries.agreement_of(last) if last else [],
            "changes": queries.changes_by_month(timezone.localdate()), "most_changes": setting.most_changes,
            "certified": all(one.holds for one in conditions), "conditions": conditions,
        }  # fmt: skip
        return Response(AccountAgreementSerializer(said).data)

    @extend_schema(request=None, responses={202: JobSerializer})
    def post(self, request: Request) -> Response:
        """Compare the systems now; poll the job it answers with."""
        job = start("compare_sources", by=request.user)
        return Response(JobSerializer(job).data, status=status.HTTP_202_ACCEPTED)


class DisagreementSerializer(serializers.ModelSerializer[Disagreement]):
    source = serializers.CharField(source="source.name")  # type: ignore[assignment]
    against_source = serializers.CharField(source="against_source.name")

    class Meta:
        model = Disagreement
        fields = (
            "id", "account", "record_id", "external_id", "source", "field", "value", "against_id",
            "against_external_id", "against_source", "against_value", "by_master",
        )  # fmt: skip
        read_only_fields = fields


class DisagreementViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Disagreement]):
    """Cells of accounts in which two systems say different things, as the last comparison found them."""

    queryset = Disagreement.objects.select_related("source", "against_source")
    serializer_class, filterset_class = DisagreementSerializer, DisagreementFilter
    readers, writers = FACTS, ()
