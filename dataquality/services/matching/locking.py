"""One at a time changes the clusters of a table: a detection that is being written down, or an answer of a person."""

from __future__ import annotations

from django.db import OperationalError
from django.utils.translation import gettext as _

from crm_adoption.kit.errors import Refusal
from dataquality.statements import execute
from dataquality.subjects import Subject

LOCK_NOT_AVAILABLE = "55P03"


def lock_matching(*subjects: Subject) -> None:
    """Hold the clusters of these tables until the transaction ends; refused after the session's lock timeout (5 s).

    Tables are locked in the order of their names, so that two of these never wait for each other.
    """
    for subject in sorted(subjects, key=lambda one: one.slug):
        try:
            execute("SELECT pg_advisory_xact_lock(hashtext('dataquality.match'), hashtext(%s))", [subject.slug])
        except OperationalError as error:
            if getattr(error.__cause__, "pgcode", None) != LOCK_NOT_AVAILABLE:
                raise
            sentence = _("The duplicates of %(table)s are just being written down; try again in a moment.")
            raise Refusal(sentence % {"table": subject.label.lower()}, code="busy") from None
