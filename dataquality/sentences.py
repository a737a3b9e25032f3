"""What each fault says to a person: one sentence with the place and the value, and the way out.

Placeholders: {field} its label, {value} the cell, {suggestion} the right value where there is one, {other} what the
rule compares with (another field, a bound, a list, a country).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from dataquality.engine.faults import Rule

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

SENTENCES: dict[str, _StrPromise] = {
    # blank and consistency
    "required_blank": _("{field} is blank, and every record needs one. Fill it in the CRM."),
    "required_blank_when": _("{field} is blank, though {other} asks for one. Fill it in the CRM, or change {other}."),
    "consistency_not_blank": _(
        "{field} is “{value}”, though {other} says that it should be blank. Clear it, or change {other}."
    ),
    "consistency_other": _("{field} is “{value}”, which does not go with {other}. Change one of the two."),
    # e-mail
    "email_invalid": _("{field} “{value}” is not an e-mail address. Ask for the right one, or clear it."),
    "email_two": _(
        "{field} “{value}” holds more than one address. Keep one here and move the others to their own field."
    ),
    "email_line_break": _(
        "{field} “{value}” has a line break in it, which can forge a mail's header. Type the address again."
    ),
    "email_mixed_script": _(
        "{field} “{value}” mixes look-alike letters of two alphabets, a trick of forgers. Check the sender and "
        "type the address again."
    ),
    # phone
    "phone_invalid": _("{field} “{value}” is not a phone number of {other}. Write it with + and the country code."),
    "phone_scientific": _(
        "{field} “{value}” was turned into a power of ten by a spreadsheet. Take the number from the CRM and keep "
        "the column as text."
    ),
    "phone_country_unknown": _(
        "{field} “{value}” cannot be dialled without knowing its country. Fill the country, or write the number "
        "with + and the country code."
    ),
    # web
    "url_invalid": _("{field} “{value}” is not a web address. Write it like www.example.com, or clear it."),
    "url_is_email": _("{field} “{value}” is an e-mail address, not a web address. Move it to the e-mail field."),
    "url_mixed_script": _("{field} “{value}” mixes look-alike letters of two alphabets. Type the address again."),
    "domain_invalid": _("{field} “{value}” is not a domain. Write it like example.com, or clear it."),
    "domain_mixed_script": _("{field} “{value}” mixes look-alike letters of two alphabets. Type the domain again."),
    # places and codes
    "postcode_invalid": _("{field} “{value}” is not a postcode of {other}. Correct it, or correct the country."),
    "postcode_zero_lost": _(
        "{field} “{value}” has lost its leading zero, most likely in a spreadsheet: “{suggestion}” was meant. "
        "Accept it, and keep the column as text."
    ),
    "country_unknown": _("{field} “{value}” is not a country. Choose one by its English name or its two-letter code."),
    "country_shared": _("{field} “{value}” can mean more than one country. Say which one."),
    "currency_unknown": _("{field} “{value}” is not a currency. Use its three-letter code, such as EUR."),
    "salesforce_id_invalid": _(
        "{field} “{value}” is not a Salesforce id. Export the id column again; it has 15 or 18 characters."
    ),
    "salesforce_id_case": _(
        "{field} “{value}” has the length of a Salesforce id, but its letters do not match its check signs. "
        "Export it again without passing it through a spreadsheet."
    ),
    "guid_invalid": _(
        "{field} “{value}” is not an id of the form 00000000-0000-0000-0000-000000000000. Export the id column again."
    ),
    "identifier_scientific": _(
        "{field} “{value}” was turned into a power of ten by a spreadsheet, so different ids look the same. "
        "Export it again with the column as text."
    ),
    "identifier_rounded": _(
        "{field} “{value}” ends in zeros after 15 digits, as a spreadsheet rounds long numbers. Compare it with "
        "the CRM, and keep the column as text."
    ),
    # dates, numbers, yes and no
    "date_impossible": _("{field} “{value}” is a day that no calendar has. Correct it in the CRM."),
    "date_other_order": _(
        "{field} “{value}” has day and month the other way round than the rest of the column. Write "
        "“{suggestion}” if that is the day meant."
    ),
    "date_unsure": _("{field} “{value}” can be read as two different days. Write it year first, such as 2025-04-13."),
    "date_serial": _(
        "{field} “{value}” is a spreadsheet's day number, “{suggestion}” in words. Format the column as a date "
        "and export it again."
    ),
    "date_clock_twice": _(
        "{field} “{value}” happened twice, because the clock was put back that night. The first is taken; write "
        "the time with its offset if it was the second."
    ),
    "date_unreadable": _("{field} “{value}” is not a date. Correct it in the CRM, or map the column to text."),
    "date_absurd": _("{field} “{value}” lies too far from today to be meant. Correct the year."),
    "date_future": _("{field} “{value}” lies in the future. Correct it: this day must have been."),
    "date_too_early": _("{field} “{value}” is before {other}. Correct the day."),
    "date_too_late": _("{field} “{value}” is after {other}. Correct the day."),
    "number_unreadable": _("{field} “{value}” is not a number. Correct it in the CRM, or map the column to text."),
    "number_other_format": _(
        "{field} “{value}” uses point and comma the other way round than the rest of the column. Say which one is "
        "the decimal sign, or correct the cell."
    ),
    "number_too_large": _(
        "{field} “{value}” has more than 14 digits before the decimal sign. Correct it, or map the column to text."
    ),
    "number_too_low": _("{field} “{value}” is below {other}. Correct the number."),
    "number_too_high": _("{field} “{value}” is above {other}. Correct the number."),
    "boolean_unreadable": _(
        "{field} “{value}” says neither yes nor no. Write one of the two, or map the column to text."
    ),
    "order_reversed": _("{field} “{value}” does not fit {other}: the later one comes first. Correct one of the two."),
    # lists
    "choice_unknown": _("{field} “{value}” is not on the list. Choose one of: {other}."),
    "choice_spelling": _("{field} “{value}” is on the list in another spelling. Accept “{suggestion}”."),
    # damaged text
    "charset_mojibake": _(
        "{field} “{value}” was decoded wrongly: “{suggestion}” was meant. Accept it, and export as UTF-8."
    ),
    "charset_replacement": _(
        "{field} “{value}” has lost letters (�) in an earlier conversion. Take the text from its origin."
    ),
    "charset_control": _("{field} “{value}” holds invisible control signs. Type the text again."),
    "charset_bidi": _(
        "{field} “{value}” holds signs that turn the direction of the text, a trick of forgers. Remove them."
    ),
    "charset_invisible": _(
        "{field} “{value}” holds invisible signs, so that it equals no text that looks the same. Remove them."
    ),
    "charset_mixed_script": _("{field} “{value}” mixes look-alike letters of two alphabets in a word. Type it again."),
    # what free text should not hold; {value} is masked
    "private_health": _(
        "{field} ({value}) seems to speak of someone's health, which the law protects specially. Remove it unless "
        "you have consent."
    ),
    "private_membership": _(
        "{field} ({value}) seems to speak of someone's faith, union, party or love life, which the law protects "
        "specially. Remove it unless you have consent."
    ),
    "private_iban": _("{field} ({value}) holds a bank account number. Move it to the accounting system."),
    "private_card": _("{field} ({value}) holds a payment card number. Remove it."),
    "private_secret": _("{field} ({value}) holds a password or a key. Remove it, and have it changed."),
    # what only the whole table shows
    "unique_confirmed": _("{field} stands for the same one as another, as somebody confirmed. Merge the two."),
    "unique_repeated": _(
        "{field} “{value}” stands in more than one record ({other}), and should in one. Merge them, or correct "
        "the wrong ones."
    ),
    "pointer_blank": _("{field} is blank, so the record belongs to no {other}. Choose one in the CRM."),
    "pointer_dangling": _(
        "{field} “{value}” points to no {other} that we know. Correct it, or import the table it points to."
    ),
    "pointer_circular": _(
        "{field} “{value}” leads back to this record itself, directly or through others. Point it to the {other} "
        "above it, or clear it."
    ),
    "pointer_retired": _(
        "{field} “{value}” points to {other} that was archived or merged. Point it to the record that took over."
    ),
    "lifecycle_overdue": _(
        "{field} “{value}” has passed, and {other} says that it is still open. Move the day, or close the record."
    ),
    "lifecycle_stale": _(
        "{field} “{value}” is longer ago than records here may stay untouched. Confirm that it is still needed, "
        "or archive it."
    ),
    "lifecycle_ownerless": _("{field} is blank, so nobody answers for the record. Give it to somebody."),
    "lifecycle_retired": _(
        "{field} “{value}” is switched off in the CRM's list of users. Give the record to somebody who works there."
    ),
    "lifecycle_unlinked": _("{field} is blank, though {other} says that there is one. Link it in the CRM."),
    "spelling_misspelt": _(
        "{field} “{value}” looks misspelt: “{suggestion}” was meant. Accept it, or add “{value}” to the right words."
    ),
    "spelling_question": _("{field} “{value}” can mean {other}. Say which one."),
    "spelling_rare": _(
        "{field} “{value}” is rare and close to “{other}”, which is frequent. Correct it, or confirm that it is right."
    ),
}
ACCEPT = _("{sentence} Accept “{suggestion}”, or type the right one.")


def sentence(code: str, *, field: str, value: str = "", suggestion: str | None = None, other: str = "") -> str:
    """The fault in words; where a suggestion exists and the sentence does not speak of it, it is added."""
    template = str(SENTENCES[code])
    if suggestion and "{suggestion}" not in template:
        template = str(ACCEPT).replace("{sentence}", template)
    if suggestion is None and "{suggestion}" in template:
        suggestion = "?"
    return template.format(
        field=field, value=_shown(value), suggestion=_shown(suggestion or ""), other=other or gettext("the rule")
    )


_LONGEST = 120
_NAMED = 8


def other_of(rule: Rule, labels: Mapping[str, str] | None = None) -> str:
    """What a rule compares with, for `{other}`: another field by its label, a bound, the listed choices."""
    named = labels or {}
    params = rule.params
    if rule.kind == "order":
        other = params["after"] if params["before"] == rule.field else params["before"]
        return named.get(other, str(other))
    if "when" in params:
        return named.get(params["when"]["field"], str(params["when"]["field"]))
    if rule.kind == "choice":
        return _listed([str(value) for value in params["values"]])
    if rule.kind == "range":
        return either([str(params[bound]) for bound in ("min", "max") if params.get(bound) is not None])
    if params.get("country_field"):
        return gettext("its country")
    return str(params.get("default_country") or "")


def _listed(values: Sequence[str]) -> str:
    more, named = len(values) - _NAMED, ", ".join(values[:_NAMED])
    if more <= 0:
        return named
    return ngettext("%(named)s and %(n)s more", "%(named)s and %(n)s more", more) % {"named": named, "n": more}


def either(values: Sequence[str]) -> str:
    """One of several, in words."""
    said, *more = values or [""]
    for value in more:
        said = gettext("%(one)s or %(other)s") % {"one": said, "other": value}
    return said


def _shown(value: str) -> str:
    """A long value is cut at a word of 120 signs, never inside a joined sign; controls are named, not sent."""
    plain = "".join(sign if sign.isprintable() or sign in "\u200c\u200d" else f"\\u{ord(sign):04x}" for sign in value)
    if len(plain) <= _LONGEST:
        return plain
    cut = _LONGEST
    while cut and (plain[cut] in "\u200c\u200d\ufe0f" or plain[cut - 1] == "\u200d" or not plain[cut].isascii()):
        cut -= 1
    return plain[: cut or _LONGEST] + "…"
