"""Plain makers: each says only what matters to the test, and makes up the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import count
from typing import Any

from django.contrib.auth.models import Group
from django.utils import timezone

from crm_adoption.kit.access import END_USER
from crm_adoption.people.models import ApiToken, Invitation, JobRole, Person, Seat, Team
from dataquality import subjects
from dataquality.models import Batch, Finding, RuleRow, Source
from dataquality.subjects import Subject

_numbers = count(1)

# What stands for the arguments of an address in tests/test_access.py: pattern -> maker of its values; "?" is the query.
ARGUMENTS: dict[str, Callable[[], dict[str, Any]]] = {}


def _new(word: str) -> str:
    return f"{word} {next(_numbers)}"


# --- people ------------------------------------------------------------------------------------------------------
def person(
    *,
    name: str = "",
    email: str | None = "",
    groups: Sequence[str] = (END_USER,),
    password: str | None = None,
    **more: Any,
) -> Person:
    """Somebody who may sign in; without a password only by force_login."""
    name = name or _new("Person")
    address = f"person.{next(_numbers)}@company.example" if email == "" else email
    made = Person.objects.create_user(address, password, name=name, **more)
    if password is None:
        made.password = "nobody knows it"
        made.save(update_fields=["password"])
    made.groups.set(Group.objects.filter(name__in=groups))
    return made


def superuser(**more: Any) -> Person:
    return person(groups=(), is_superuser=True, **more)


def team(**more: Any) -> Team:
    return Team.objects.create(**{"name": _new("Team")} | more)


def job_role(**more: Any) -> JobRole:
    return JobRole.objects.create(**{"name": _new("Role")} | more)


def seat(**more: Any) -> Seat:
    return Seat.objects.create(
        **{"kind": Seat.Kind.STEWARD, "scope": Seat.Scope.TABLE, "scope_key": _new("table")} | more
    )


def invitation(**more: Any) -> Invitation:
    """Open for a day, of a person who cannot sign in yet."""
    guest = more.pop("person", None) or person(is_active=False)
    return Invitation.objects.create(person=guest, **{"expires_at": timezone.now() + timedelta(days=1)} | more)


def token(
    owner: Person | None = None, *, scopes: Sequence[str] = ("read",), days: int = 1, **more: Any
) -> tuple[ApiToken, str]:
    """A token and its text; a negative number of days makes one that has expired."""
    made, text = ApiToken.objects.create(
        user=owner or person(),
        expiry=timedelta(days=days),
        name=more.pop("name", _new("token")),
        scopes=list(scopes),
        **more,
    )
    return made, text


# --- the mirror --------------------------------------------------------------------------------------------------
def source(**more: Any) -> Source:
    return Source.objects.create(**{"name": _new("Source")} | more)


def batch(source: Source, subject: Subject, **more: Any) -> Batch:
    """An applied batch of a table; its file is never read."""
    now = timezone.now()
    made = {"file_name": f"{_new('file')}.csv", "sha256": "0" * 64, "size": 1, "taken_at": now, "applied_at": now}
    return Batch.objects.create(source=source, table=subject.slug, **made | {"state": Batch.State.APPLIED} | more)


def records(batch: Batch, *rows: dict[str, Any]) -> list[Any]:
    """Live records of the batch's table, one for each row of fields."""
    model = subjects.get(batch.table).model
    made = [
        model(
            **{"source": batch.source, "external_id": f"R-{next(_numbers)}", "first_batch": batch, "last_batch": batch}
            | row
        )
        for row in rows
    ]
    return list(model.objects.bulk_create(made))


def record(batch: Batch, **fields: Any) -> Any:
    return records(batch, fields)[0]


def finding(record: Any, what: str, **more: Any) -> Finding:
    """An open error of the rule `<table>.<field>.<word>`, `what` being `<field>.<word>`."""
    table = record._meta.label_lower
    rule = RuleRow.objects.get(slug=f"{table}.{what}")
    known = {"field": rule.field, "code": "test_fault", "severity": "error", "opened_at": timezone.now()}
    return Finding.objects.create(rule=rule, table=table, record_id=record.pk, source=record.source, **known | more)


ARGUMENTS |= {
    "people/<int:pk>/": lambda: {"pk": person().pk},
    "people/<int:pk>/groups/": lambda: {"pk": person().pk},
    "people/<int:pk>/deactivate/": lambda: {"pk": person().pk},
    "people/invitations/<int:pk>/resend/": lambda: {"pk": invitation().pk},
    "people/invitations/<int:pk>/revoke/": lambda: {"pk": invitation().pk},
    "people/invitation/<str:key>/": lambda: {"key": invitation().key},
    "people/tokens/<int:pk>/revoke/": lambda: {"pk": token()[0].pk},
    "people/seats/<int:pk>/": lambda: {"pk": seat().pk},
    "api/v1/people/<pk>/": lambda: {"pk": person().pk},
    "admin/autocomplete/": lambda: {"?": {"app_label": "people", "model_name": "seat", "field_name": "holder"}},
}
for _model, _maker in {
    "person": person,
    "team": team,
    "jobrole": job_role,
    "seat": seat,
    "apitoken": lambda: token()[0],
}.items():
    for _act in ("", "change/", "delete/", "history/"):
        ARGUMENTS[f"admin/people/{_model}/<path:object_id>/{_act}"] = lambda made=_maker: {"object_id": made().pk}
