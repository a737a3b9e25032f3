"""Dossiers as PDF, set by typst; what records say is handed over as data and never read as markup."""

from __future__ import annotations

import json
from pathlib import Path

import typst
from django.utils import timezone
from django.utils.translation import gettext as _

from crm_adoption.kit import words
from dataquality.queries.dossier import Dossier

SHEET = Path(__file__).parent / "dossier.typ"


def dossier_pdf(dossier: Dossier) -> bytes:
    """The dossier of a merge on A4."""
    merge = dossier.merge
    said = {
        "title": _("Merge %(pk)s: %(table)s") % {"pk": merge.pk, "table": dossier.subject.label},
        "lead": _("%(n)s records became one on %(day)s, by %(who)s.") % {
            "n": len(dossier.members), "day": words.exact(timezone.localtime(merge.merged_at)),
            "who": merge.merged_by or _("a program"),
        },
        "reason": merge.reason,
        "state": _("Undone on %(day)s.") % {"day": words.exact(timezone.localtime(merge.undone_at))}
        if merge.undone_at else "",
        "before": merge.before,
        "words": {
            "field": _("Field"), "kept": _("Kept"), "lost": _("Lost"), "members": _("Records"), "values": _("Values"),
            "moved": _("What moved to the survivor"), "why": _("Why they matched"), "nothing": _("Nothing."),
            "survivor": _("survivor"), "fingerprint": _("Fingerprint of the cluster before (SHA-256)"),
        },
        "members": [
            [each.title, each.external_id, each.source, _("survivor") if each.is_survivor else "",
             ", ".join(f"{n} {label}" for label, n in each.children)]
            for each in dossier.members
        ],
        "fields": [[each.label, each.value, "; ".join(each.lost)] for each in dossier.fields],
        "moved": [[label, str(n)] for label, n in dossier.moved],
        "why": [
            [f"{each.a} / {each.b}", words.percent(each.probability), " ".join(each.sentences)] for each in dossier.why
        ],
    }  # fmt: skip
    return bytes(typst.compile(str(SHEET), format="pdf", sys_inputs={"dossier": json.dumps(said)}))
