"""Filters that refuse what they do not know: a misspelt parameter must not return everything."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

ALWAYS_KNOWN = {"cursor", "page_size", "format"}


class StrictFilterBackend(DjangoFilterBackend):  # type: ignore[misc]
    """django-filter, but an unknown parameter is a 400 that names it."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        filterset = self.get_filterset(request, queryset, view)
        known = ALWAYS_KNOWN | (set(filterset.filters) if filterset is not None else set())
        for name in request.query_params:
            if name not in known:
                raise ValidationError({name: f"Unknown parameter; this list knows {', '.join(sorted(known))}."})
        found: QuerySet[Any] = super().filter_queryset(request, queryset, view)
        return found
