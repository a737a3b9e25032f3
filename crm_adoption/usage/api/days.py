"""Days of use in: sent again, they change nothing."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crm_adoption.people.models import Person
from crm_adoption.usage import services
from crm_adoption.usage.access import PROGRAMS
from crm_adoption.usage.models import Capability, Via

MOST = 10_000


class DayOfUse(serializers.Serializer[Any]):
    """Somebody used a capability so many times on a day; without one, they were in the CRM."""

    person = serializers.EmailField(help_text="The person's address.")
    capability = serializers.CharField(allow_blank=True, default="", help_text="Its code; empty: a login.")
    day = serializers.DateField()
    count = serializers.IntegerField(min_value=1, max_value=1_000_000, default=1)
    channel = serializers.CharField(
        allow_blank=True, default="", max_length=120,
        help_text="The client through which it was, as Outlook add-in; empty: not known.",
    )  # fmt: skip


class DaysOfUse(serializers.Serializer[Any]):
    days = serializers.ListField(child=DayOfUse(), allow_empty=False, max_length=MOST)

    def validate_days(self, rows: list[dict[str, Any]]) -> list[services.Use]:
        """Every row must be usable; the first that are not are named with their place."""
        wanted = {row["person"].lower() for row in rows}
        people = dict(Person.objects.filter(email__in=wanted).values_list("email", "pk"))
        capabilities = dict(Capability.objects.values_list("code", "pk"))
        today, faults, found = timezone.localdate(), {}, []
        for place, row in enumerate(rows):
            person, code = people.get(row["person"].lower()), row["capability"]
            if person is None:
                faults[str(place)] = [f"Nobody here has the address {row['person']}; invite the person, or correct it."]
            elif code and code not in capabilities:
                faults[str(place)] = [f"There is no capability with the code {code!r}."]
            elif row["day"] > today:
                faults[str(place)] = [f"{row['day']} lies in the future."]
            else:
                used = capabilities[code] if code else None
                found.append(services.Use(person, used, row["day"], row["count"], row["channel"]))
        if faults:
            raise serializers.ValidationError(dict(list(faults.items())[:100]))
        return found


class Kept(serializers.Serializer[Any]):
    received = serializers.IntegerField()
    changed = serializers.IntegerField(help_text="Days of use that are new, or larger than what was known.")


class UsageDaysView(APIView):
    """Days of use, from an audit log or a data warehouse."""

    writers = PROGRAMS
    scope = "import"

    @extend_schema(request=DaysOfUse, responses={200: OpenApiResponse(Kept, description="All of them are kept.")})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Keep up to 10,000 days of use; of a day said twice the larger count stays, so that sending again is safe."""
        asked = DaysOfUse(data=request.data)
        asked.is_valid(raise_exception=True)
        found = asked.validated_data["days"]
        changed = services.record_use(found, via=Via.API)
        return Response({"received": len(found), "changed": changed})
