"""Merges and undos of overlapping clusters at the same time, beside imports, and by processes that are killed."""

from __future__ import annotations

import pytest
from django.db import connection

from benchmarks import merging
from contacts.models import Contact, ContactRole
from tests import oracle


@pytest.mark.django_db(transaction=True)
def test_overlapping_merges_and_undos_by_eight_threads_break_nothing():
    made = merging.people(60)
    stood = oracle.check(connection)  # the plan wants to take readings after an import, and no worker is here
    before = list(Contact.objects.order_by("pk").values()), list(ContactRole.objects.order_by("pk").values())

    said = merging.run(made, 504, 8, seed=7)

    assert not [end for end in said["ended"] if "ERROR" in end], said["ended"]
    assert not [end for end in said["ended"] if "not_exact" in end], said["ended"]
    assert said["ended"]["merge done"] > 50
    assert said["ended"]["undo done"] > 50
    assert said["rows_lost"] == 0
    assert oracle.check(connection) == stood
    assert merging.undo_all(made)["fingerprints_unequal"] == 0
    after = list(Contact.objects.order_by("pk").values()), list(ContactRole.objects.order_by("pk").values())
    assert after == before
