"""Jobs as integrations see them: poll one until it is finished, cancel it, try it again."""

from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from crm_adoption.jobs import services
from crm_adoption.jobs.filters import JobFilter
from crm_adoption.jobs.models import Job
from crm_adoption.kit.access import EVERYBODY


class JobSerializer(serializers.ModelSerializer[Job]):
    progress = serializers.IntegerField(source="done_so_far", read_only=True, help_text="Steps done, of `total`.")
    total = serializers.IntegerField(source="total_now", read_only=True, allow_null=True)
    percent = serializers.IntegerField(read_only=True, allow_null=True, help_text="Null while the total is unknown.")
    message = serializers.CharField(source="message_now", read_only=True)
    attempt = serializers.IntegerField(source="attempt_shown", read_only=True)
    counts = serializers.DictField(child=serializers.IntegerField(), read_only=True)
    cancel_asked = serializers.BooleanField(read_only=True)
    is_finished = serializers.BooleanField(read_only=True)

    class Meta:
        model = Job
        fields = (
            "id", "kind", "scope", "queue", "state", "is_finished", "progress", "total", "percent", "message", "reason",
            "counts", "attempt", "cancel_asked", "asked_by", "request_id", "created_at", "started_at", "finished_at",
        )  # fmt: skip
        read_only_fields = fields


class JobViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet[Job]):
    """Long work. Stewards, leads and integrations see all of it, everybody else their own."""

    serializer_class, filterset_class = JobSerializer, JobFilter
    queryset = Job.objects.none()
    readers = writers = EVERYBODY

    def get_queryset(self) -> QuerySet[Job]:
        return Job.objects.visible_to(self.request.user).select_related("lease")

    @extend_schema(request=None, responses={200: JobSerializer})
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Stop it: at once while it waits, at its next step while it runs. Nothing half written stays."""
        job = services.cancel(self.get_object(), by=request.user)
        return Response(self.get_serializer(job).data)

    @extend_schema(request=None, responses={200: JobSerializer})
    @action(detail=True, methods=["post"], url_path="try-again")
    def try_again(self, request: Request, pk: str) -> Response:
        """Give failed or cancelled work fresh attempts."""
        job = services.try_again(self.get_object(), by=request.user)
        return Response(self.get_serializer(job).data)
