"""Paging by key, never by offset or count: page 10,000 costs what page 1 costs."""

from rest_framework.pagination import CursorPagination


class KeysetPagination(CursorPagination):
    """Ordered by the view's `ordering` (default: newest first)."""

    ordering = "-pk"
    page_size_query_param = "page_size"
    max_page_size = 1000
