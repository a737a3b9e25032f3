"""What the next exports say of merged records lands where it belongs."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.models import Account
from contacts.models import Contact
from dataquality.models import Correction, Merge, Record, Version
from dataquality.queries.dossier import offers_of
from dataquality.services import intake
from dataquality.services.merging import merge, undo
from tests import make
from tests.dataquality.imports import applied, checked, table
from tests.dataquality.merging.cases import ACCOUNTS

pytestmark = pytest.mark.django_db
ACCOUNT = ["Account ID", "Account Name", "Phone", "Industry"]
BOTH = (["A-1", "Ahlborn", "+49 40 1234567", ""], ["A-2", "Ahlborn GmbH", "", "Retail"])


def accounts(source, *rows, **said):
    return applied(source, table(ACCOUNT, *rows), name="accounts.csv", table="account", **said)


def made(source, **more) -> Merge:
    accounts(source, *BOTH)
    ids = [Account.objects.get(external_id=key).pk for key in ("A-1", "A-2")]
    return merge(ACCOUNTS, ids, survivor=ids[0], by=make.person(), now=timezone.now(), **more)


def test_an_import_does_not_bring_a_merged_record_back_to_life():
    source = make.source()
    made(source)

    batch = accounts(source, *BOTH)

    loser = Account.objects.get(external_id="A-2")
    assert loser.merged_into is not None
    assert (loser.state, loser.merged_into.external_id) == (Record.State.MERGED, "A-1")
    assert (batch.counts["new"], batch.counts["changed"], batch.counts["merged"]) == (0, 0, 0)
    assert Account.objects.get(external_id="A-1").name == "Ahlborn GmbH"


def test_what_the_crm_changes_in_a_merged_record_is_kept_and_offered_to_the_survivor():
    source = make.source()
    merged = made(source)

    batch = accounts(source, BOTH[0], ["A-2", "Ahlborn GmbH & Co. KG", "", "Retail"])

    loser = Account.objects.get(external_id="A-2")
    assert (batch.counts["merged"], loser.state, loser.name) == (1, "merged", "Ahlborn GmbH & Co. KG")
    assert Version.objects.get(record_id=loser.pk, batch=batch).changed == {
        "name": ["Ahlborn GmbH", "Ahlborn GmbH & Co. KG"]
    }
    assert [(o.field, o.now, o.held) for o in offers_of(merged, ACCOUNTS)] == [
        ("name", "Ahlborn GmbH & Co. KG", "Ahlborn GmbH")
    ]
    undo(merged, by=make.person(), now=timezone.now(), confirm=True)
    loser.refresh_from_db()
    assert (loser.state, loser.name) == ("live", "Ahlborn GmbH & Co. KG")


def test_a_merge_between_check_and_apply_is_heeded():
    source = make.source()
    accounts(source, *BOTH)
    waiting = checked(source, table(ACCOUNT, BOTH[0], ["A-2", "Other", "", ""]), name="accounts.csv", table="account")
    ids = [Account.objects.get(external_id=key).pk for key in ("A-1", "A-2")]
    merge(ACCOUNTS, ids, survivor=ids[0], by=make.person(), now=timezone.now())

    intake.apply(waiting, by=None, now=timezone.now())

    assert Account.objects.get(external_id="A-2").state == "merged"


def test_pointers_that_name_the_loser_lead_to_the_survivor():
    source = make.source()
    merged = made(source)

    people = [["C-1", "Ada Lovelace", "A-2"]]
    applied(source, table(["Contact ID", "Full Name", "Account ID"], *people), name="contacts.csv", table="contact")

    person = Contact.objects.get(external_id="C-1")
    assert person.account is not None
    assert (person.account.external_id, person.account_ref) == ("A-1", "A-2")
    undo(merged, by=make.person(), now=timezone.now())
    person.refresh_from_db()
    assert str(person.account and person.account.external_id) == "A-2"


def test_a_merge_has_landed_when_a_whole_export_holds_the_loser_no_more():
    source = make.source()
    made(source)

    accounts(source, ["A-1", "Ahlborn GmbH", "+49 40 1234567", "Retail"], full=True)

    fates = dict(Correction.objects.values_list("kind", "fate"))
    assert fates == {"merge": "landed", "change": "landed"}
    assert Account.objects.get(external_id="A-2").state == "merged"


def test_a_survivor_stays_while_the_crm_has_kept_the_other_one():
    source = make.source()
    made(source)

    accounts(source, ["A-2", "Ahlborn GmbH", "+49 40 1234567", "Retail"], full=True)

    assert Account.objects.get(external_id="A-1").state == "live"
    assert Correction.objects.get(kind="merge").fate == "changed"
