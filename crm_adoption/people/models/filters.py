"""SavedFilter: a question to a list that somebody wants one click away."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit.models import Stamped
from crm_adoption.people.models.persons import Person


class SavedFilter(Stamped):
    """One person's question to the list at one address; `query` is what stands behind the question mark."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="saved_filters")
    page = models.CharField(max_length=200, help_text=_("The path of the list, such as /findings/."))
    name = models.CharField(max_length=60)
    query = models.TextField(blank=True)
    is_default = models.BooleanField(default=False, help_text=_("The list opens with it."))

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                "person", "page", Lower("name"), name="people_savedfilter_name_is_unique_on_a_page"
            ),
            models.UniqueConstraint(
                fields=["person", "page"], condition=Q(is_default=True), name="people_savedfilter_one_default_a_page"
            ),
        ]

    def __str__(self) -> str:
        return self.name
