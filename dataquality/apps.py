from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit import search, shell
from crm_adoption.kit.access import ANALYST, LEAD, SPONSOR, STEWARD

READERS = (LEAD, SPONSOR, STEWARD, ANALYST)
KEEPERS = (LEAD, STEWARD, ANALYST)
BY_ACTION = ("dataquality.batch", "dataquality.finding", "dataquality.correction")  # changed by their actions only


class DataQualityConfig(AppConfig):
    name = "dataquality"
    label = "dataquality"
    verbose_name = "Data quality"

    def ready(self) -> None:
        """Find what every app says of its tables and reports, as the admin site finds admin.py."""
        autodiscover_modules("quality", "reports")
        post_migrate.connect(_sync_rules, sender=self, dispatch_uid="dataquality.sync_rules")
        post_migrate.connect(_seed_terms, sender=self, dispatch_uid="dataquality.seed_terms")
        section = _("Data")
        shell.register(
            shell.Place(_("Scoreboard"), "scoreboard", "checklist", READERS, 20, section=section),
            shell.Place(_("Imports"), "batches", "upload", KEEPERS, 21, section=section),
            shell.Place(_("Findings"), "findings", "alert-triangle", READERS, 22, section=section),
            shell.Place(_("Duplicates"), "duplicates", "layers-intersect", KEEPERS, 22, section=section),
            shell.Place(_("Reports"), "reports", "report-analytics", READERS, 23, section=section),
            shell.Place(_("Truth"), "verification", "shield-check", READERS, 23, section=section),
            shell.Place(_("Field reviews"), "field-reviews", "clipboard-list", (LEAD, STEWARD), 24, section=section),
            shell.Place(_("Sources"), "sources", "database", KEEPERS, 24, section=section),
        )
        search.register(_("Records"), _find_records)
        import_module("crm_adoption.people.asked").name_by("table", _name_table)
        grant = import_module("crm_adoption.people.group_permissions").grant
        for group in (STEWARD, LEAD):
            grant(group, "dataquality.source", may=("view", "add", "change"))
            grant(group, "dataquality.headermap", may=("view", "delete"))
            grant(group, *BY_ACTION, "dataquality.rulerow", may=("view", "change"))
            grant(group, "dataquality.score", "dataquality.override", may=("view",))
            grant(group, "dataquality.verificationterm", may=("view", "change"))
            grant(
                group, "dataquality.tablesetting", "dataquality.fieldsetting", may=("view", "add", "change", "delete")
            )


def _sync_rules(**signal: Any) -> None:
    import_module("dataquality.rules").sync_rules(**signal)


def _seed_terms(**signal: Any) -> None:
    import_module("dataquality.terms").seed_terms(**signal)


def _find_records(user: Any, text: str, limit: int) -> list[search.Hit]:
    return import_module("dataquality.queries").find_records(user, text, limit)  # type: ignore[no-any-return]


def _name_table(slug: str) -> str:
    known = {subject.slug: str(subject.label) for subject in import_module("dataquality.subjects").every()}
    return known.get(slug, slug)
