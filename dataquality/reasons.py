"""What an engine's evidence says to a person: the column by its label, and in words how the two sides agree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from dataquality.engine.matching import Evidence
from dataquality.subjects import Subject

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

# The levels of every kind of comparison, as the engine calls them; marked here, for the engine knows no language.
LEVELS: tuple[_StrPromise, ...] = (
    # given
    pgettext_lazy("evidence", "same first name"),
    pgettext_lazy("evidence", "a short form of the same first name"),
    pgettext_lazy("evidence", "first names a slip apart"),
    pgettext_lazy("evidence", "first name fits the initial"),
    pgettext_lazy("evidence", "first names alike"),
    pgettext_lazy("evidence", "first and family name swapped"),
    pgettext_lazy("evidence", "two known first names, nearly alike"),
    pgettext_lazy("evidence", "other first name with the same initial"),
    pgettext_lazy("evidence", "other first name"),
    # family
    pgettext_lazy("evidence", "same family name"),
    pgettext_lazy("evidence", "family names a slip apart"),
    pgettext_lazy("evidence", "family name is part of the other"),
    pgettext_lazy("evidence", "family name fits the initial"),
    pgettext_lazy("evidence", "family names nearly alike"),
    pgettext_lazy("evidence", "two known family names, nearly alike"),
    pgettext_lazy("evidence", "family names similar"),
    pgettext_lazy("evidence", "other family name"),
    # namesakes
    pgettext_lazy("evidence", "a name that nobody else should have"),
    pgettext_lazy("evidence", "a very rare name"),
    pgettext_lazy("evidence", "a rare name"),
    pgettext_lazy("evidence", "a name that hardly anybody shares"),
    pgettext_lazy("evidence", "a name that a few share"),
    pgettext_lazy("evidence", "a common name"),
    pgettext_lazy("evidence", "a very common name"),
    # surname
    pgettext_lazy("evidence", "family name of up to 4 records"),
    pgettext_lazy("evidence", "family name of up to 16 records"),
    pgettext_lazy("evidence", "family name of up to 64 records"),
    pgettext_lazy("evidence", "family name of up to 256 records"),
    pgettext_lazy("evidence", "family name of many records"),
    # company
    pgettext_lazy("evidence", "same name, shared by up to 4"),
    pgettext_lazy("evidence", "same name, shared by up to 12"),
    pgettext_lazy("evidence", "same name, shared by up to 50"),
    pgettext_lazy("evidence", "same name, shared by many"),
    pgettext_lazy("evidence", "names one letter apart or in another order"),
    pgettext_lazy("evidence", "one name holds the other or is its acronym"),
    pgettext_lazy("evidence", "mostly the same words"),
    pgettext_lazy("evidence", "half of the words the same"),
    pgettext_lazy("evidence", "some words the same"),
    pgettext_lazy("evidence", "other name"),
    # email
    pgettext_lazy("evidence", "same address"),
    pgettext_lazy("evidence", "same address, shared by many"),
    pgettext_lazy("evidence", "addresses one letter apart"),
    pgettext_lazy("evidence", "same name at another provider"),
    pgettext_lazy("evidence", "similar name at the same domain"),
    pgettext_lazy("evidence", "same domain"),
    pgettext_lazy("evidence", "similar name at another domain"),
    pgettext_lazy("evidence", "addresses that differ in figures"),
    pgettext_lazy("evidence", "a private and a work address"),
    pgettext_lazy("evidence", "other address"),
    # phone
    pgettext_lazy("evidence", "same number, of one or two names"),
    pgettext_lazy("evidence", "same number, shared by up to 5"),
    pgettext_lazy("evidence", "same number, shared by up to 16"),
    pgettext_lazy("evidence", "same number, shared by many"),
    pgettext_lazy("evidence", "same last digits"),
    pgettext_lazy("evidence", "numbers one digit apart"),
    pgettext_lazy("evidence", "numbers alike but for the last digits"),
    pgettext_lazy("evidence", "other number"),
    # host
    pgettext_lazy("evidence", "same domain, shared by up to 4"),
    pgettext_lazy("evidence", "same domain, shared by up to 12"),
    pgettext_lazy("evidence", "same domain, shared by up to 50"),
    pgettext_lazy("evidence", "same domain, shared by many"),
    pgettext_lazy("evidence", "domains one letter apart"),
    pgettext_lazy("evidence", "other domain"),
    # street
    pgettext_lazy("evidence", "same address, shared by up to 4"),
    pgettext_lazy("evidence", "same address, shared by up to 16"),
    pgettext_lazy("evidence", "streets nearly alike, same number"),
    pgettext_lazy("evidence", "same street, a number missing"),
    pgettext_lazy("evidence", "same street, numbers one digit apart"),
    pgettext_lazy("evidence", "same street, other number"),
    pgettext_lazy("evidence", "other street, same number"),
    pgettext_lazy("evidence", "other street"),
    # place
    pgettext_lazy("evidence", "same, rare"),
    pgettext_lazy("evidence", "same"),
    pgettext_lazy("evidence", "same, common"),
    pgettext_lazy("evidence", "nearly alike"),
    pgettext_lazy("evidence", "different"),
    # postcode
    pgettext_lazy("evidence", "same, shared by up to 8"),
    pgettext_lazy("evidence", "same, shared by up to 64"),
    pgettext_lazy("evidence", "same, shared by many"),
    pgettext_lazy("evidence", "one sign apart"),
    pgettext_lazy("evidence", "same area"),
    # day
    pgettext_lazy("evidence", "same day"),
    pgettext_lazy("evidence", "same day, a common one"),
    pgettext_lazy("evidence", "one slip apart"),
    pgettext_lazy("evidence", "two of day, month and year the same"),
    pgettext_lazy("evidence", "same year"),
    pgettext_lazy("evidence", "different day"),
    # code
    pgettext_lazy("evidence", "same, shared"),
    # text
    pgettext_lazy("evidence", "nearly all words the same"),
    pgettext_lazy("evidence", "most words the same"),
    pgettext_lazy("evidence", "few words the same"),
    # number
    pgettext_lazy("evidence", "one digit apart"),
)
PARTS = {  # a name is compared part by part, whichever columns it stands in
    "given": gettext_lazy("First name"), "family": gettext_lazy("Last name"), "surname": gettext_lazy("Last name"),
    "namesakes": gettext_lazy("Name"),
}  # fmt: skip
START = pgettext_lazy("evidence", "before anything is compared")


def reason(said: Evidence, subject: Subject) -> str:
    """One step of the evidence, in words."""
    if not said.column:
        return str(START)
    named = {"column": label(said, subject), "said": pgettext("evidence", said.sentence)}
    return _("%(column)s: %(said)s") % named


def label(said: Evidence, subject: Subject) -> str:
    """The column, or part of the name, that a step of the evidence is of; the start is of none."""
    if said.column in subject.columns:
        return subject.columns[said.column].label
    return str(PARTS.get(said.column.rpartition(".")[2], said.column))


def for_it(evidence: Sequence[Evidence], subject: Subject, *, most: int = 4) -> list[str]:
    """What speaks most for a pair, the strongest first, in words."""
    strong = sorted((said for said in evidence if said.column and said.bits > 0), key=lambda said: -said.bits)
    return [reason(said, subject) for said in strong[:most]]
