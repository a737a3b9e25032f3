"""vCard files as phones, mail programs and CRMs write them, through the real child process."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataquality.intake.readers.vcard_lines import Unreadable, parsed, split, unescaped, unfolded
from dataquality.intake.reading import Limits
from tests.intake.read import read_bytes

V4 = """BEGIN:VCARD\r
VERSION:4.0\r
UID:urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1\r
FN:Dr. Jana Söderström\r
N:Söderström;Jana;Maria,Elin;Dr.;\r
ORG:Nordvik\\, Berg & Söner AB;Inköp\r
TITLE:Head of Purchasing\\; Nordics\r
EMAIL;PREF=2:jana.private@example.org\r
EMAIL;TYPE=work;PREF=1:jana@nordvik.example\r
TEL;VALUE=uri;TYPE="voice,work":tel:+46-8-123-456\r
TEL;VALUE=uri;TYPE=cell:tel:+46-70-123-45-67\r
ADR;TYPE=work;LABEL="Box: see door":;;Storgatan 5,Plan 2;Stockholm;;111 22;Sweden\r
BDAY:19850412\r
REV:20250102T030405Z\r
NOTE:First line\\nsecond line\\, with a comma. This note is folded\r
  here and goes\r
\t on.\r
END:VCARD\r
"""
V3 = """BEGIN:VCARD
VERSION:3.0
PRODID:-//Apple Inc.//iPhone OS 17.1//EN
N:Ott;Ann;;;
FN:Ann Ott
ORG:Ahlborn GmbH;
item1.EMAIL;type=INTERNET;type=pref:ann@ahlborn.example
item1.X-ABLabel:_$!<Work>!$_
EMAIL;type=INTERNET;type=HOME:ann@home.example
TEL;type=CELL;type=VOICE;type=pref:+49 170 1234567
TEL;type=WORK;type=FAX:+49 30 99
TEL;type=WORK:+49 30 11
item2.ADR;type=WORK;type=pref:;;Hauptstraße 7;Berlin;;10115;Germany
item3.ADR;type=HOME:;;Am See 1;Potsdam;;14467;Germany
PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoH
 BwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/
BDAY;value=date:1985-04-12
X-SOCIALPROFILE;type=linkedin:https://example.com/ann
END:VCARD
"""
V21 = (
    "BEGIN:VCARD\r\nVERSION:2.1\r\n"
    "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=B6rg;;;\r\n"
    "FN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:J=F6rg M=FCller\r\n"
    "TEL;CELL;PREF:+491711234567\r\n"
    "ADR;WORK;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:;;Gro=C3=9Fe Stra=C3=9Fe 12=\r\n"
    "=2C Hinterhaus;M=C3=BCnchen;;80331;Germany\r\n"
    "EMAIL;INTERNET:joerg@example.de\r\n"
    "NOTE:Prefers mail, not calls\r\n"
    "PHOTO;JPEG;ENCODING=BASE64:\r\n /9j/4AAQSkZJRgABAQ==\r\n\r\n"
    "END:VCARD\r\n"
)


def cards(text, folder, **more):
    content = text if isinstance(text, bytes) else text.encode()
    result = read_bytes(content, folder, **{"name": "contacts.vcf"} | more)
    return result, [
        {heading: cell for heading, cell in zip(result.reading.headings, row, strict=True) if cell}
        for row in result.rows
    ]


def test_a_card_of_version_4_is_read_with_its_structure_escapes_folds_and_preferences(tmp_path):
    result, (card,) = cards(V4, tmp_path)

    assert card == {
        "UID": "4fbe8971-0bc3-424c-9c26-36c3e1eff6b1", "Full Name": "Dr. Jana Söderström", "Last Name": "Söderström",
        "First Name": "Jana", "Middle Name": "Maria, Elin", "Salutation": "Dr.",
        "Company": "Nordvik, Berg & Söner AB", "Department": "Inköp", "Title": "Head of Purchasing; Nordics",
        "Email": "jana@nordvik.example", "Email 2": "jana.private@example.org", "Phone": "+46-8-123-456",
        "Mobile": "+46-70-123-45-67", "Street": "Storgatan 5, Plan 2", "City": "Stockholm", "Postal Code": "111 22",
        "Country": "Sweden", "Birthday": "1985-04-12", "Last Modified Date": "2025-01-02T03:04:05Z",
        "Description": "First line\nsecond line, with a comma. This note is folded here and goes on.",
    }  # fmt: skip
    assert (result.reading.kind, result.reading.encoding, result.questions, result.kept_out) == (
        "vcard", "utf-8", [], [],
    )  # fmt: skip


def test_a_phone_s_card_of_version_3_loses_its_picture_and_nothing_else(tmp_path):
    result, (card,) = cards(V3, tmp_path)

    assert card == {
        "Last Name": "Ott", "First Name": "Ann", "Full Name": "Ann Ott", "Company": "Ahlborn GmbH",
        "Email": "ann@ahlborn.example", "Email 2": "ann@home.example", "Mobile": "+49 170 1234567", "Fax": "+49 30 99",
        "Phone": "+49 30 11", "Street": "Hauptstraße 7", "City": "Berlin", "Postal Code": "10115", "Country": "Germany",
        "Address 2": "Am See 1, Potsdam, 14467, Germany", "Birthday": "1985-04-12",
        "X-SOCIALPROFILE": "https://example.com/ann",
    }  # fmt: skip
    assert result.notices == ["pictures"]


def test_quoted_printable_of_version_2_1_is_decoded_in_the_character_set_that_each_line_names(tmp_path):
    _result, (card,) = cards(V21, tmp_path)

    assert card == {
        "Last Name": "Müller", "First Name": "Jörg", "Full Name": "Jörg Müller", "Mobile": "+491711234567",
        "Street": "Große Straße 12, Hinterhaus", "City": "München", "Postal Code": "80331", "Country": "Germany",
        "Email": "joerg@example.de", "Description": "Prefers mail, not calls",
    }  # fmt: skip


def test_cards_of_all_versions_in_one_file_share_their_columns_and_say_their_lines(tmp_path):
    result, found = cards(V4 + "\r\n" + V3 + V21, tmp_path)

    assert [card["Last Name"] for card in found] == ["Söderström", "Ott", "Müller"]
    lines = (V4 + "\r\n" + V3 + V21).replace("\r\n", "\n").split("\n")
    assert [row[0] for row in result.numbered] == [at for at, line in enumerate(lines, 1) if line == "BEGIN:VCARD"]
    assert len(set(result.reading.headings)) == len(result.reading.headings)


@pytest.mark.parametrize("coding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_file_in_another_encoding_is_still_known_by_its_beginning(tmp_path, coding):
    _result, (card,) = cards(V3.encode(coding), tmp_path)

    assert card["Street"] == "Hauptstraße 7"


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("BEGIN:VCARD\nVERSION:3.0\nFN:Ben\n", "no END:VCARD before the next card begins in line 23"),
        ("BEGIN:VCARD\nVERSION:5.0\nFN:Ben\nEND:VCARD\n", "version “5.0”"),
        (
            "BEGIN:VCARD\nVERSION:3.0\nFN:Ben\nno colon here\nEND:VCARD\n",
            "line 23 (“no colon here”) is no “NAME:value”",
        ),
        ("BEGIN:VCARD\nVERSION:4.0\nKIND:group\nFN:Ben\nMEMBER:urn:uuid:1\nEND:VCARD\n", "(“Ben”) is a group"),
        ("BEGIN:VCARD\nVERSION:3.0\nEND:VCARD\n", "is empty"),
        ("BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET=klingon;QUOTED-PRINTABLE:=41\nEND:VCARD\n", "“klingon”"),
        ("BEGIN:VCARD\nVERSION:2.1\nFN;QUOTED-PRINTABLE:=FF=FE\nEND:VCARD\n", "does not decode"),
        ("BEGIN:VCARD\nVERSION:3.0\nFN:" + "x" * 40_000 + "\nEND:VCARD\n", "40,000 characters in FN"),
        ("BEGIN:VCARD\nVERSION:3.0\n" + "NOTE:a\n" * 1_500 + "END:VCARD\n", "more than 1,000 properties"),
        ("hello there\n", "stands between two cards"),
    ],
)
def test_a_broken_card_is_kept_out_with_its_line_and_reason_and_the_others_are_read(tmp_path, broken, said):
    whole = V3.replace("Ann", "Zoe")
    result, found = cards(V3 + broken + whole, tmp_path)

    assert [card["First Name"] for card in found] == ["Ann", "Zoe"]
    assert result.kept_out == [(20, "bad_card")]
    (sentence,) = pl.read_parquet(result.reading.quarantine)["sentence"]
    assert sentence.startswith("The card of line 20")
    assert said in sentence
    assert sentence.endswith("export that card again or leave it out.")


def test_a_file_that_was_cut_off_keeps_what_was_whole(tmp_path):
    result, found = cards(V4 + V3[: V3.index("PHOTO")], tmp_path)

    assert len(found) == 1
    assert result.kept_out == [(19, "bad_card")]


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"Name,Email\nAnn,a@x.example\n", "contacts.vcf", "no_card"),
        (b"BEGIN:VCARD\nFN:Ben\n", "contacts.vcf", "no_header"),
        (b"BEGIN:VCARD\nVERSION:3.0\nEND:VCARD\n", "contacts.vcf", "no_header"),
    ],
)
def test_what_holds_no_card_is_refused_with_the_way_out(tmp_path, content, name, code):
    refused = read_bytes(content, tmp_path, name=name).refused

    assert refused.code == code
    assert "export the contacts again" in refused.sentence


def test_cards_under_another_name_are_read_and_told(tmp_path):
    result, (card,) = cards(V3, tmp_path, name="contacts.txt")

    assert card["Full Name"] == "Ann Ott"
    assert "wrong_name" in result.notices


def test_a_picture_of_many_megabytes_costs_no_memory(tmp_path):
    picture = "PHOTO;ENCODING=b;TYPE=JPEG:" + "\r\n ".join(["A" * 74] * 400_000) + "\r\n"
    result, (card,) = cards(V3.replace("BDAY", picture + "BDAY"), tmp_path)

    assert card["Birthday"] == "1985-04-12"
    assert result.peak_bytes < 250_000_000


def test_columns_that_come_late_are_blank_before_and_the_number_of_columns_is_bounded(tmp_path):
    result, found = cards(V3 + V3.replace("BDAY", "X-LATE:yes\nBDAY"), tmp_path)
    assert [card.get("X-LATE") for card in found] == [None, "yes"]
    assert len(result.reading.headings) == 17

    many = "".join(f"BEGIN:VCARD\nVERSION:3.0\nX-{n}:a\nEND:VCARD\n" for n in range(600))
    assert read_bytes(many.encode(), tmp_path, name="a.vcf").refused.code == "too_many_columns"


# --- the lines by themselves -------------------------------------------------------------------------------------
@given(st.text("ab;,\\n:\n\"'", max_size=12))
def test_what_is_escaped_comes_back(text):
    written = text.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;").replace("\n", "\\n")

    assert unescaped(written) == text
    assert [unescaped(part) for part in split(f"{written};{written}", ";")] == [text, text]


@given(st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), min_size=1), st.integers(1, 9))
def test_a_folded_line_is_the_line_again(value, width):
    line = f"NOTE:{value}"
    pieces = [line[at : at + width] for at in range(0, len(line), width)]
    physical = [pieces[0], *(f" {piece}" for piece in pieces[1:]), "END:VCARD"]

    found = list(unfolded((f"{one}\r\n" for one in physical), Limits()))

    assert found == [(1, line), (len(physical), "END:VCARD")]


@given(st.text(max_size=60))
def test_any_line_is_a_property_or_unreadable_and_nothing_else_happens(line):
    for version in ("2.1", "3.0"):
        try:
            found = parsed(line, version)
        except Unreadable:
            continue
        assert found.name == found.name.upper()
