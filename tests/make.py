"""Plain makers: each says only what matters to the test, and makes up the rest."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import count
from typing import Any

from django.contrib.auth.models import Group
from django.utils import timezone

from crm_adoption.kit.access import END_USER
from crm_adoption.people.models import ApiToken, Invitation, JobRole, Person, Seat, Team
from crm_adoption.plan.models import Ingredient
from dataquality import subjects
from dataquality.models import (
    Acceptance,
    AnswerFile,
    Batch,
    Correction,
    FieldSetting,
    Finding,
    HeaderMap,
    MatchRule,
    MatchRun,
    Membership,
    Merge,
    Override,
    Pair,
    RuleRow,
    Score,
    Source,
    TableSetting,
    VerificationTerm,
)
from dataquality.services import intake, merging
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


def upload(text: str, *, name: str = "accounts.csv", source: Source | None = None, **more: Any) -> Batch:
    """A file just received; `staged` and `checked` take it further, through the reader that people use."""
    kept = source or Source.objects.create(name=_new("Source"))
    return intake.receive(
        io.BytesIO(text.encode()), name=name, source=kept, now=timezone.now(), **{"by": None, "table": "account"} | more
    )


ACCOUNTS = "Account ID,Account Name,Website\nA-1,Ahlborn,ahlborn.example\nA-2,,no address\n"


def staged(text: str = ACCOUNTS, **more: Any) -> Batch:
    return intake.stage(upload(text, **more))


def checked(text: str = ACCOUNTS, **more: Any) -> Batch:
    return intake.check(staged(text, **more), now=timezone.now())


def finding(record: Any, what: str, **more: Any) -> Finding:
    """An open error of the rule `<table>.<field>.<word>`, `what` being `<field>.<word>`."""
    table = record._meta.label_lower
    rule = RuleRow.objects.get(slug=f"{table}.{what}")
    known = {"field": rule.field, "code": "test_fault", "severity": "error", "opened_at": timezone.now()}
    return Finding.objects.create(rule=rule, table=table, record_id=record.pk, source=record.source, **known | more)


def correction(record: Any, field: str = "name", **more: Any) -> Correction:
    """Pending, and proposed by nobody in particular."""
    known = {"field": field, "old": "old", "new": "new", "origin": Correction.Origin.STEWARD}
    return Correction.objects.create(
        table=record._meta.label_lower, record_id=record.pk, source=record.source, external_id=record.external_id,
        **known | more,
    )  # fmt: skip


def account(**fields: Any) -> Any:
    """A live account of a source of its own."""
    return record(batch(source(), subjects.get(ACCOUNT)), **{"name": _new("Account")} | fields)


def answer_file() -> AnswerFile:
    return AnswerFile.objects.create(name=f"{_new('answers')}.csv", method="service")


def _a_cell() -> dict[str, Any]:
    return {"slug": ACCOUNT, "pk": account().pk, "field": "industry", "?": {"new": "Software"}}


ACCOUNT = "accounts.account"
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


def _object_of(made: Callable[[], Any]) -> Callable[[], dict[str, Any]]:
    return lambda: {"object_id": made().pk}


_MADE: dict[str, Callable[[], Any]] = {
    "person": person,
    "team": team,
    "jobrole": job_role,
    "seat": seat,
    "apitoken": lambda: token()[0],
}
for _model, _maker in _MADE.items():
    for _act in ("", "change/", "delete/", "history/"):
        ARGUMENTS[f"admin/people/{_model}/<path:object_id>/{_act}"] = _object_of(_maker)


# --- the mirror's addresses ---------------------------------------------------------------------------------------
def _checked_import() -> dict[str, Any]:
    return {"pk": checked().pk}


for _act in ("", "answer/", "apply/", "check/", "discard/", "mapping/", "faulty.csv", "set-apart.csv"):
    ARGUMENTS[f"imports/<int:pk>/{_act}"] = _checked_import
for _act in ("", "answers/", "apply/", "check/", "discard/", "mapping/", "preview/"):
    ARGUMENTS[f"api/v1/batches/<pk>/{_act}"] = _checked_import
for _act in ("", "accept/", "waive/"):
    ARGUMENTS[f"tables/<str:slug>/{_act}"] = lambda: {"slug": ACCOUNT}
for _act in ("", "override/", "withdraw/"):
    ARGUMENTS[f"reports/<slug:slug>/{_act}"] = lambda: {"slug": "pipeline"}
for _act in ("", "override/"):
    ARGUMENTS[f"api/v1/gates/<slug>/{_act}"] = lambda: {"slug": "pipeline"}
ARGUMENTS |= {
    "tables/<str:slug>/noise/<slug:field>/": lambda: {"slug": ACCOUNT, "field": "industry"},
    "records/<str:slug>/": lambda: {"slug": ACCOUNT},
    "records/<str:slug>/new/": lambda: {"slug": ACCOUNT},
    "records/<str:slug>/new/check/": lambda: {"slug": ACCOUNT},
    "records/<str:slug>/<int:pk>/": lambda: {"slug": ACCOUNT, "pk": account().pk},
    "records/<str:slug>/<int:pk>/verify/": lambda: {"slug": ACCOUNT, "pk": account().pk},
    "field-reviews/<str:slug>/<slug:field>/": lambda: {"slug": ACCOUNT, "field": "industry"},
    "verification/<str:slug>/due/": lambda: {"slug": ACCOUNT},
    "verification/answers/<int:pk>/": lambda: {"pk": answer_file().pk},
    "api/v1/records/<str:table>/<int:pk>/verify/": lambda: {"table": ACCOUNT, "pk": account().pk},
    "records/<str:slug>/<int:pk>/correct/<slug:field>/": _a_cell,
    "records/<str:slug>/<int:pk>/correct/<slug:field>/check/": _a_cell,
    "sources/<int:pk>/": lambda: {"pk": source().pk},
    "api/v1/sources/<pk>/": lambda: {"pk": source().pk},
    "api/v1/findings/<pk>/": lambda: {"pk": finding(account(), "name.required").pk},
    "api/v1/corrections/<pk>/": lambda: {"pk": correction(account()).pk},
    "api/v1/records/<str:table>/": lambda: {"table": ACCOUNT},
    "api/v1/records/<str:table>/<int:pk>/": lambda: {"table": ACCOUNT, "pk": account().pk},
    "ingredients/<slug:slug>/": lambda: {"slug": Ingredient.objects.order_by("order")[0].slug},
}


# --- duplicates --------------------------------------------------------------------------------------------------
def pair(**more: Any) -> Pair:
    """Two accounts that may be one, as the last run scored them."""
    rows = {"name": "Acme"}, {"name": "Acme Ltd"}
    a, b = records(batch(source(), subjects.get(ACCOUNT)), *rows)
    now = timezone.now()
    run = MatchRun.objects.create(table=ACCOUNT, kind="full", started_at=now, finished_at=now)
    known = {"table_a": ACCOUNT, "a": a.pk, "table_b": ACCOUNT, "b": b.pk, "probability": 0.9, "weight": 3.2}
    return Pair.objects.create(run=run, **known | more)


def acceptance() -> Acceptance:
    drawn = {"above": 0.8, "sample": [pair().pk], "reached": 1, "drawn_at": timezone.now()}
    return Acceptance.objects.create(table=ACCOUNT, **drawn)


def match_rule(**more: Any) -> MatchRule:
    known = {"table": ACCOUNT, "name": _new("Rule"), "criteria": [{"column": "name", "how": "exact"}]}
    return MatchRule.objects.create(**known | more)


def _cluster() -> dict[str, Any]:
    two = pair()
    for record_id in (two.a, two.b):
        Membership.objects.create(table=ACCOUNT, record_id=record_id, cluster_id=two.a)
    return {"table": ACCOUNT, "cluster": two.a}


for _act in ("", "judge/", "later/", "withdraw/"):
    ARGUMENTS[f"api/v1/pairs/<pk>/{_act}"] = lambda: {"pk": pair().pk}
for _act in ("", "accept/"):
    ARGUMENTS[f"api/v1/acceptances/<pk>/{_act}"] = lambda: {"pk": acceptance().pk}
for _act in ("", "split/"):
    ARGUMENTS[f"api/v1/clusters/<str:table>/<int:cluster>/{_act}"] = _cluster
for _act in ("", "try/", "publish/", "withdraw/"):
    ARGUMENTS[f"api/v1/match-rules/<pk>/{_act}"] = lambda: {"pk": match_rule().pk}
ARGUMENTS |= {
    "api/v1/clusters/<str:table>/": lambda: {"table": ACCOUNT},
    "api/v1/match-runs/<pk>/": lambda: {"pk": pair().run_id},
}


def merge() -> Merge:
    """Two accounts that became one."""
    rows = records(batch(source(), subjects.get(ACCOUNT)), {"name": "Acme"}, {"name": "Acme Ltd"})
    return merging.merge(subjects.get(ACCOUNT), [row.pk for row in rows], by=None, now=timezone.now())


def _two_accounts() -> dict[str, Any]:
    rows = records(batch(source(), subjects.get(ACCOUNT)), {"name": "Acme"}, {"name": "Acme Ltd"})
    return {"?": {"table": ACCOUNT, "ids": ",".join(str(row.pk) for row in rows)}}


for _act in ("", "undo/", "changes/"):
    ARGUMENTS[f"api/v1/merges/<pk>/{_act}"] = lambda: {"pk": merge().pk}
for _act in ("", "undo/", "dossier.pdf", "kit.zip"):
    ARGUMENTS[f"merges/<int:pk>/{_act}"] = lambda: {"pk": merge().pk}
ARGUMENTS |= {
    "duplicates/merge/": _two_accounts,
    "duplicates/survivorship/<str:slug>/": lambda: {"slug": ACCOUNT},
}


# --- the admin site's rows ----------------------------------------------------------------------------------------
def _row_of(table: str) -> Callable[[], dict[str, Any]]:
    """A record of any CRM table."""
    return lambda: {"object_id": record(batch(source(), subjects.get(table))).pk}


def setting(model: type[TableSetting] | type[FieldSetting], **more: Any) -> Any:
    return model.objects.create(table=ACCOUNT, **more)


def header_map() -> HeaderMap:
    known = {"product": "generic", "table": ACCOUNT, "mapping": {"Account Name": "name"}, "key": ["Account Name"]}
    return HeaderMap.objects.create(fingerprint=_new("layout"), **known)


def override(gate: str = "pipeline", **more: Any) -> Override:
    until = timezone.now() + timedelta(days=1)
    return Override.objects.create(
        **{"gate": gate, "by": person(), "reason": "The board meets.", "until": until} | more
    )


def score(**more: Any) -> Score:
    known = {"table": ACCOUNT, "rows": 10, "wrong": 1, "rate": 0.1, "limit": "0.05", "passes": False, "to_fix": 1}
    return Score.objects.create(**{"taken_at": timezone.now()} | known | more)


_STEWARDS_ROWS: dict[str, Callable[[], Any]] = {
    "source": source,
    "batch": lambda: batch(source(), subjects.get(ACCOUNT)),
    "headermap": header_map,
    "rulerow": lambda: RuleRow.objects.filter(table=ACCOUNT)[0],
    "finding": lambda: finding(account(), "name.required"),
    "correction": lambda: correction(account()),
    "tablesetting": lambda: setting(TableSetting),
    "fieldsetting": lambda: setting(FieldSetting, field="name"),
    "score": score,
    "verificationterm": lambda: VerificationTerm.objects.get(method="asked"),
    "override": override,
}
ADMIN_ROWS = {f"dataquality/{name}": _object_of(made) for name, made in _STEWARDS_ROWS.items()}
ADMIN_ROWS |= {subject.slug.replace(".", "/"): _row_of(subject.slug) for subject in subjects.every()}
for _model, _maker in ADMIN_ROWS.items():
    for _act in ("", "change/", "delete/", "history/"):
        ARGUMENTS[f"admin/{_model}/<path:object_id>/{_act}"] = _maker
