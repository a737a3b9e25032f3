"""The house keeps its floors and rooms: every import of the project is read, those inside functions too."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

FLOORS = (
    "crm_adoption.kit",
    "crm_adoption.people",
    "crm_adoption.jobs",
    "dataquality",
    "accounts",
    "contacts",
    "training",
    "crm_adoption.usage",
    "crm_adoption.plan",
    "crm_adoption",
)
ROOMS = (
    "models",
    "queries",
    "services",
    "quality",
    "reports",
    "tasks",
    "filters",
    "forms",
    "api",
    "views",
    "admin",
    "urls",
)
RANK = {room: min(place, ROOMS.index("api")) for place, room in enumerate(ROOMS)} | {"urls": 99, "api_urls": 99}
READING = ("gate", "sniff", "readers", "child", "reading")
FREE_OF_DJANGO = (
    "dataquality.engine",
    *(f"dataquality.intake.{name}" for name in READING),
    "crm_adoption.kit.embedded",
    "crm_adoption.kit.processes",
)
# Not a room: the register that apps declare their reports to, as `subjects` is for their tables.
REGISTERS = ("dataquality.reports",)
# Who may break a rule, and why. (importer, imported)
ALLOWED = {
    (
        "crm_adoption.jobs.apps",
        "crm_adoption.celery",
    ): "every process that rings needs the configured Celery application",
}


@dataclass(frozen=True)
class Import:
    importer: str
    imported: str
    line: int
    in_function: bool

    def __str__(self) -> str:
        return f"{self.importer}:{self.line} imports {self.imported}"


def imports_of(module: str, source: str, *, is_package: bool, known: frozenset[str]) -> Iterator[Import]:
    """Every import, also relative ones, those inside functions, and `import_module("…")` with a plain string."""
    package = module if is_package else module.rpartition(".")[0]

    def walk(node: ast.AST, in_function: bool) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            for target in targets(child):
                yield Import(module, target, child.lineno, in_function)  # type: ignore[attr-defined]
            inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from walk(child, in_function or inside)

    def targets(node: ast.AST) -> Iterator[str]:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                up = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*up, base]) if base else ".".join(up)
            for alias in node.names:
                whole = f"{base}.{alias.name}"
                yield whole if whole in known else base
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in ("import_module", "__import__", "import_string") and isinstance(node.args[0].value, str):
                yield node.args[0].value

    yield from walk(ast.parse(source), False)


def inside(module: str, prefix: str) -> bool:
    return module == prefix or module.startswith(prefix + ".")


def app_of(module: str) -> str | None:
    """The app (or, for the wiring, `crm_adoption`) a module of ours belongs to."""
    return next((floor for floor in FLOORS if inside(module, floor)), None)


def room_of(module: str) -> str:
    app = app_of(module) or ""
    return module.removeprefix(app).lstrip(".").partition(".")[0]


def breaks_floors(found: Import) -> bool:
    here, there = app_of(found.importer), app_of(found.imported)
    return here is not None and there is not None and FLOORS.index(there) > FLOORS.index(here)


def breaks_rooms(found: Import) -> bool:
    """Inside an app only earlier rooms; a module that is no room (apps.py wires and may) reaches no interface."""
    if app_of(found.importer) != app_of(found.imported) or app_of(found.importer) == "crm_adoption":
        return False
    here, there = room_of(found.importer), room_of(found.imported)
    if here == there or there not in RANK or here == "apps" or found.imported in REGISTERS:
        return False
    if here not in RANK:
        return RANK[there] >= RANK["api"]
    return RANK[there] >= RANK[here]


def comes_late(found: Import) -> bool:
    """Inside a function; `apps.py` must, because Django reads it before there are models."""
    return found.in_function and room_of(found.importer) != "apps"


def reaches_django(start: str, graph: Mapping[str, list[Import]]) -> list[str]:
    """The way from a module to Django, through modules of ours and the packages they lie in; empty without one."""
    ways, seen = [[start]], {start}
    while ways:
        way = ways.pop()
        for found in graph.get(way[-1], []):
            if inside(found.imported, "django"):
                return [*way, found.imported]
            parts = found.imported.split(".")
            for module in (".".join(parts[:n]) for n in range(1, len(parts) + 1)):
                if module in graph and module not in seen:
                    seen.add(module)
                    ways.append([*way, module])
    return []


@cache
def project() -> Mapping[str, list[Import]]:
    base = Path(settings.BASE_DIR)
    files = {}
    for top in sorted({floor.partition(".")[0] for floor in FLOORS}):
        for path in sorted((base / top).rglob("*.py")):
            parts = path.relative_to(base).with_suffix("").parts
            if "migrations" not in parts:
                files[".".join(parts).removesuffix(".__init__")] = path
    known = frozenset(files)
    return {
        module: list(imports_of(module, path.read_text(), is_package=path.name == "__init__.py", known=known))
        for module, path in files.items()
    }


def offences(breaks, graph: Mapping[str, list[Import]] | None = None) -> list[str]:
    every = (found for imports in (graph or project()).values() for found in imports)
    return [str(found) for found in every if breaks(found) and (found.importer, found.imported) not in ALLOWED]


# --- the house ---------------------------------------------------------------------------------------------------


def test_imports_point_to_their_own_floor_or_below():
    assert offences(breaks_floors) == []


def test_inside_an_app_each_room_imports_only_earlier_ones():
    assert offences(breaks_rooms) == []


def test_nothing_is_imported_inside_a_function():
    assert offences(comes_late) == []


def test_the_engine_imports_nothing_of_the_project_but_itself():
    def leaves(found: Import) -> bool:
        ours = app_of(found.imported) is not None
        return (
            inside(found.importer, "dataquality.engine") and ours and not inside(found.imported, "dataquality.engine")
        )

    assert offences(leaves) == []


@pytest.mark.parametrize("prefix", FREE_OF_DJANGO)
def test_engine_readers_and_servers_do_without_django(prefix):
    modules = [module for module in project() if inside(module, prefix)]

    assert [way for module in modules if (way := reaches_django(module, project()))] == []


def test_every_exception_is_still_needed():
    seen = {(found.importer, found.imported) for imports in project().values() for found in imports}

    assert set(ALLOWED) - seen == set()


# --- the tester itself -------------------------------------------------------------------------------------------


def read(module: str, source: str, *, is_package: bool = False) -> list[Import]:
    return list(imports_of(module, source, is_package=is_package, known=frozenset(project())))


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("dataquality.models.sources", "from accounts.models import Account"),
        ("dataquality.models.sources", "import contacts"),
        ("crm_adoption.kit.errors", "from crm_adoption import people"),
        ("crm_adoption.kit.errors", "from ..people import models"),
        ("crm_adoption.jobs.models", "def later():\n    from crm_adoption.plan import models"),
        ("accounts.models", "if TYPE_CHECKING:\n    from contacts.models import Contact"),
        ("crm_adoption.people.models", "import_module('crm_adoption.celery')"),
    ],
)
def test_an_import_that_points_up_is_found(module, source):
    assert offences(breaks_floors, {module: read(module, source)}) != []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("accounts.models", "from accounts import services"),
        ("accounts.services", "from accounts.forms import AccountForm"),
        ("accounts.api", "from accounts.views import account_list"),
        ("accounts.admin", "from .api import AccountViewSet"),
        ("accounts.queries", "def late():\n    from accounts.services.closing import close_account"),
        ("accounts.shape", "from accounts.views import account_list"),
    ],
)
def test_a_room_that_imports_a_later_one_is_found(module, source):
    graph = {module: [*read(module, source)]}

    assert offences(breaks_rooms, graph) != []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("accounts.services", "from accounts.models import Account\nfrom dataquality import subjects"),
        ("accounts.views", "from accounts.forms import AccountForm"),
        ("accounts.urls", "from accounts import api, views"),
        ("accounts.models.deals", "from accounts.models.companies import Account"),
        ("crm_adoption.urls", "from crm_adoption.plan import views"),
    ],
)
def test_an_import_that_points_down_is_no_offence(module, source):
    graph = {module: read(module, source)}

    assert offences(breaks_floors, graph) == []
    assert offences(breaks_rooms, graph) == []


def test_a_way_to_django_through_another_module_is_found():
    graph = {
        "dataquality.engine.block": read("dataquality.engine.block", "from dataquality.engine import dates"),
        "dataquality.engine.dates": read(
            "dataquality.engine.dates", "def day():\n    from django.utils import timezone"
        ),
    }
    graph["dataquality.engine.block"] = [Import("dataquality.engine.block", "dataquality.engine.dates", 1, False)]

    assert reaches_django("dataquality.engine.block", graph)[-1] == "django.utils"
    assert offences(comes_late, graph) != []
