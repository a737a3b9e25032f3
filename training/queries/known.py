"""What several questions of one page stand on, each asked of the store once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q

from crm_adoption.people.models import JobRole, Person
from training.models import Course, TrainingSetting


class Known:
    """The constants, roles, courses and people of one moment; hand one to all questions of a page."""

    @cached_property
    def setting(self) -> TrainingSetting:
        return TrainingSetting.now()

    @cached_property
    def roles(self) -> Sequence[JobRole]:
        return list(JobRole.objects.select_related("profile").order_by("name"))

    @cached_property
    def courses(self) -> Sequence[Course]:
        """Live ones, the common first, each with the keys of its roles: `of_roles`."""
        keys = ArrayAgg("job_roles", filter=Q(job_roles__isnull=False), default=[])
        found = Course.objects.live().with_staleness().annotate(of_roles=keys)
        return list(found.order_by("kind", "position", "title", "pk"))

    @cached_property
    def curricula(self) -> Mapping[int, list[Course]]:
        """Every role's courses, by the role's key: the common ones, then its own."""
        return {
            role.pk: [
                one for one in self.courses
                if one.kind == Course.Kind.COMMON or role.pk in one.of_roles  # type: ignore[attr-defined]
            ]
            for role in self.roles
        }  # fmt: skip

    @cached_property
    def people(self) -> Sequence[Person]:
        """Everybody who is here and has a role, by key; their role is the one of `roles`."""
        roles = {role.pk: role for role in self.roles}
        found = list(Person.objects.filter(left_on=None, job_role__isnull=False).select_related("team").order_by("pk"))
        for person in found:
            person.job_role = roles.get(person.job_role_id or 0) or person.job_role
        return found

    @cached_property
    def headcount(self) -> Mapping[int, int]:
        """People by the key of their role."""
        return Counter(person.job_role_id or 0 for person in self.people)
