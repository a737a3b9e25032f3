"""Makers of the rows of use, beside those of tests/make.py."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import count
from typing import Any

from contacts.models import LifecyclePolicy
from crm_adoption.people.models import JobRole, Person
from crm_adoption.usage import services
from crm_adoption.usage.models import (
    Capability,
    EffortEntry,
    EffortRelease,
    LedgerLine,
    ShadowSystem,
    UsageDay,
    UsageImport,
    UsageSetting,
    UseCase,
    Via,
)
from tests import make

_numbers = count(1)
TODAY = date(2026, 3, 20)


def capability(*, job_roles: Sequence[JobRole] = (), **more: Any) -> Capability:
    """Of kind input and value 3, needed by everybody, unless said otherwise."""
    number = next(_numbers)
    known: dict[str, Any] = {"name": f"Capability {number}", "code": f"c-{number}", "kind": Capability.Kind.INPUT}
    return services.save_capability(Capability(**known | more), job_roles=job_roles)


def used(person: Person, capability: Capability | None, *days: date, count: int = 1) -> None:
    """Days of use as a log tells them."""
    for day in days or (TODAY,):
        UsageDay.objects.create(person=person, capability=capability, day=day, count=count, via=Via.LOG)


def days(first: date, n: int, *, every: int = 1) -> list[date]:
    return [first + timedelta(days=every * place) for place in range(n)]


def people(n: int, role: JobRole | None = None, **more: Any) -> list[Person]:
    kept = role or make.job_role()
    return [make.person(job_role=kept, **more) for _ in range(n)]


def use_case(job_role: JobRole | None = None, **more: Any) -> UseCase:
    elements, serves = more.pop("elements", None), more.pop("serves", None)
    known = {"name": f"Use case {next(_numbers)}", "job_role": job_role or make.job_role()}
    return services.save_use_case(UseCase(**known | more), elements=elements, serves=serves)


def shadow(**more: Any) -> ShadowSystem:
    known = {"name": f"Sheet {next(_numbers)}", "found_on": TODAY, "why": "It sorts by day."}
    return services.save_shadow(ShadowSystem(**known | more))


def release(**more: Any) -> EffortRelease:
    number = next(_numbers)
    return services.save_release(
        EffortRelease(**{"release": f"r-{number}", "name": f"Release {number}", "on": TODAY} | more)
    )


def entry(release: EffortRelease, case: UseCase | None = None, **more: Any) -> EffortEntry:
    return services.save_entry(
        EffortEntry(release=release, use_case=case or use_case(), **{"clicks_removed": 1} | more)
    )


def line(**more: Any) -> LedgerLine:
    known: dict[str, Any] = {"kind": "gain", "line": "support", "name": f"Line {next(_numbers)}", "amount": 1000}
    return services.save_line(LedgerLine(**known | more))


def usage_import() -> UsageImport:
    return UsageImport.objects.create(file_name="log.csv", sha256="0" * 64, faults=[[2, "x", "No day."]])


# --- what stands for the arguments of addresses in tests/test_access.py -------------------------------------------
def _of(made: Callable[[], Any]) -> Callable[[], dict[str, Any]]:
    return lambda: {"pk": made().pk}


_capability, _case, _shadow, _release, _line = (_of(made) for made in (capability, use_case, shadow, release, line))
_import = _of(usage_import)
for _place, _maker, _acts in (
    ("capabilities", _capability, ("", "edit/", "retire/")),
    ("use-cases", _case, ("", "edit/")),
    ("shadow-systems", _shadow, ("", "edit/", "x-ray/", "again/", "retire/")),
    ("effort", _release, ("", "edit/", "entries/new/", "settle/")),
    ("returns", _line, ("",)),
    ("imports", _import, ("", "faults.csv")),
):
    for _act in _acts:
        make.ARGUMENTS[f"usage/{_place}/<int:pk>/{_act}"] = _maker
make.ARGUMENTS["usage/effort/entries/<int:pk>/remove/"] = _of(lambda: entry(release()))
make.ARGUMENTS["my-use/<int:pk>/opinion/"] = _case
for _place, _maker in (
    ("capabilities", _capability), ("use-cases", _case), ("shadow-systems", _shadow), ("effort-releases", _release),
    ("ledger-lines", _line),
):  # fmt: skip
    make.ARGUMENTS[f"api/v1/{_place}/<pk>/"] = _maker
for _act in ("entries/", "settle/"):
    make.ARGUMENTS[f"api/v1/effort-releases/<pk>/{_act}"] = _release


def _setting() -> UsageSetting:
    services.seed()
    return UsageSetting.objects.get()


_ADMIN: dict[str, Callable[[], Any]] = {
    "capability": capability, "usecase": use_case, "shadowsystem": shadow, "effortrelease": release,
    "ledgerline": line, "usagesetting": _setting,
}  # fmt: skip
_way_out = make._object_of(lambda: LifecyclePolicy.objects.create(trigger="left"))
for _act in ("", "change/", "delete/", "history/"):
    make.ARGUMENTS[f"admin/contacts/lifecyclepolicy/<path:object_id>/{_act}"] = _way_out
for _model, _row in _ADMIN.items():
    _object = make._object_of(_row)
    for _act in ("", "change/", "delete/", "history/"):
        make.ARGUMENTS[f"admin/usage/{_model}/<path:object_id>/{_act}"] = _object
