"""The people whom a CRM's user list brings along."""

from __future__ import annotations

from django.db import transaction

from accounts.models import CrmUser
from crm_adoption.people.models import Person, Team
from dataquality.models import Batch, Identity


@transaction.atomic
def settle_people(batch: Batch) -> None:
    """Give every user of this source a Person, a Team and a manager; people already known are kept as they are.

    A user is the person with that e-mail address, else the person this source named so before, else a new person who
    may not sign in until invited. A manager who is in no row of the list becomes a person as well.
    """
    users = list(CrmUser.objects.live().filter(source=batch.source))
    known = {i.external_id: i for i in Identity.objects.filter(source=batch.source).select_related("person")}
    by_email = {p.email.lower(): p for p in Person.objects.exclude(email=None) if p.email}
    by_name = {i.name: i.person for i in known.values()}
    teams = {team.name: team for team in Team.objects.all()}
    people: dict[str, Person] = {}
    for user in users:
        identity = known.get(user.external_id)
        person = identity.person if identity else by_email.get(user.email.lower()) or by_name.get(user.name)
        if person is None:
            person = Person.objects.create_user(name=user.name or user.external_id, is_active=False)
        if user.team and person.team_id is None:
            if user.team not in teams:
                teams[user.team] = Team.objects.create(name=user.team)
            person.team = teams[user.team]
        people[user.external_id] = people[user.name] = by_name[user.name] = person
        if identity is None:
            Identity.objects.create(source=batch.source, external_id=user.external_id, name=user.name, person=person)
        elif identity.name != user.name:
            Identity.objects.filter(pk=identity.pk).update(name=user.name)
        if user.person_id != person.pk:
            CrmUser.objects.filter(pk=user.pk).update(person=person)
    for user in users:
        person = people[user.external_id]
        wanted = user.manager_ref.strip()
        manager = people.get(wanted) or (known[wanted].person if wanted in known else None)
        if manager is None and wanted:
            manager = Person.objects.create_user(name=wanted, is_active=False)
            Identity.objects.create(source=batch.source, external_id=wanted, name=wanted, person=manager)
            people[wanted] = manager
        if manager is not None and manager != person:
            person.manager = manager
        person.save(update_fields=["team", "manager", "updated_at"])
