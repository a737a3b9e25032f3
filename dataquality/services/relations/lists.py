"""Values that are not on their list, where the owner of the CRM may have added to it."""

from __future__ import annotations

from psycopg2 import sql

from dataquality.engine.lists import outside
from dataquality.services.findings import SETTLING
from dataquality.services.relations.judging import Judging
from dataquality.statements import execute


def judge_list(judging: Judging) -> None:
    """Rare values off the list; one that is on it in another spelling is only a warning."""
    listed = [str(value) for value in judging.rule.params.get("values", ())]
    if not listed:
        return
    judging.found_values(outside(judging.counts(), listed))
    execute(
        sql.SQL("UPDATE {} SET severity = 'warning' WHERE rule_id = {} AND code = 'choice_spelling'").format(
            sql.Identifier(SETTLING), sql.Literal(judging.rule_id)
        )
    )
