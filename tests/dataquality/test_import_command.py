"""`manage.py import_crm`: what it leaves, what it says, and who is behind it."""

from __future__ import annotations

import json
from getpass import getuser
from io import StringIO

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.models import Account
from contacts.models import Contact
from dataquality.models import Batch, Quarantined, Source
from dataquality.queries.audit import audit_of

pytestmark = pytest.mark.django_db
FILE = "Account ID,Account Name,Industry\nA-1,Ahlborn,{}\n,Cobb,retail\n"


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def export(tmp_path):
    path = tmp_path / "accounts.csv"
    path.write_text(FILE.format("retail"), encoding="utf-8")
    return path


def run(*words):
    out = StringIO()
    call_command("import_crm", *map(str, words), "--source", "Terminal", stdout=out)
    return out.getvalue()


def nothing_is_left(tmp_path):
    kept = [path for path in (tmp_path / "media").rglob("*") if path.is_file()]
    return not kept and not Source.objects.exists() and not Batch.objects.exists() and not Quarantined.objects.exists()


def test_a_preview_leaves_nothing_not_even_an_empty_source(export, tmp_path):
    said = run(export)

    assert "1 new" in said
    assert "nothing is kept" in said
    assert nothing_is_left(tmp_path)


def test_a_preview_beside_an_applied_import_of_the_same_bytes_leaves_that_one_alone(export):
    run(export, "--apply")
    before = Batch.objects.get()

    (report,) = json.loads(run(export, "--json"))["files"]

    assert (report["applied"], report["batch"], report["counts"]["same"]) == (False, None, 1)
    assert Batch.objects.get() == before
    assert default_storage.exists(str(before.file.name))


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"%PDF-1.7\n"])
def test_a_file_that_is_refused_leaves_nothing_either(tmp_path, content):
    path = tmp_path / "odd.csv"
    path.write_bytes(content)

    with pytest.raises(CommandError, match="say why"):
        run(path, "--apply")

    assert nothing_is_left(tmp_path)


def test_the_audit_names_the_command_and_who_typed_it(export):
    run(export, "--apply")
    export.write_text(FILE.format("medical"), encoding="utf-8")
    run(export, "--apply")

    (touch,) = audit_of(Account.objects.get(external_id="A-1"))
    assert ("industry", "retail", "medical") in touch.changes
    assert touch.command == f"manage.py import_crm by {getuser()}"


def test_the_risk_of_a_key_names_every_column_that_makes_it_up(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("Full Name,Email,Company\nAnn Ott,a@x.example,X\nAnn Rau,a@x.example,X\n", encoding="utf-8")

    (report,) = json.loads(run(path, "--table", "contacts", "--key", "Email", "--key", "Full Name", "--json"))["files"]

    assert report["key"] == ["Email", "Full Name"]
    assert report["key_risk"].startswith("“Email” and “Full Name” together tell the rows apart; but of “Email”: people")
    assert "; and of “Full Name”: a renamed record" in report["key_risk"]


def test_a_phone_s_cards_become_contacts_and_the_same_cards_again_change_nothing(tmp_path):
    path = tmp_path / "phone.vcf"
    card = (
        "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{0}-AB\r\nN:Ott;{0};;;\r\nFN:{0} Ott\r\n"
        "ORG:Ahlborn GmbH;Sales\r\nTITLE:Buyer\r\n"
        "EMAIL;type=INTERNET;type=pref:{0}@ahlborn.example\r\nTEL;type=CELL:+49 170 1234567\r\n"
        "ADR;type=WORK:;;Hauptstraße 7;Berlin;;10115;Germany\r\nBDAY:19850412\r\nEND:VCARD\r\n"
    )
    path.write_text("".join(card.format(name) for name in ("Ann", "Ben", "Cid")), encoding="utf-8")

    (report,) = json.loads(run(path, "--apply", "--json"))["files"]
    (again,) = json.loads(run(path, "--apply", "--json"))["files"]

    assert (report["table"], report["key"], report["questions"]) == ("contacts.contact", ["UID"], [])
    assert (again["counts"]["same"], again["counts"]["changed"]) == (3, 0)
    ann = Contact.objects.get(external_id="Ann-AB")
    known = {name: getattr(ann, name) for name in ("full_name", "email", "mobile", "street", "city", "postcode")}
    assert known == {
        "full_name": "Ann Ott", "email": "Ann@ahlborn.example", "mobile": "+49 170 1234567", "street": "Hauptstraße 7",
        "city": "Berlin", "postcode": "10115",
    }  # fmt: skip
    assert (ann.account_ref, ann.department, ann.job_title) == ("Ahlborn GmbH", "Sales", "Buyer")
    assert str(ann.birthday) == "1985-04-12"
