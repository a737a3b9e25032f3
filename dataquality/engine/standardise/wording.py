"""The words people use for kinds of column."""

import re

from dataquality.engine.kinds import Kind

_WORDS: dict[Kind, str] = {
    Kind.PERSON: "person, name, full, full name, person full, person name, contact",
    Kind.GIVEN: "given, given name, first, first name, forename, person given, person first, middle name",
    Kind.FAMILY: "family, family name, surname, last, last name, person family, person last, person surname",
    Kind.COMPANY: "company, company name, organisation, organization, employer, firm, account, business, company full",
    Kind.EMAIL: "email, e mail, mail, email address",
    Kind.PHONE: "phone, telephone, tel, mobile, cell, fax, phone number",
    Kind.URL: "url, website, web, link, homepage",
    Kind.DOMAIN: "domain, host",
    Kind.STREET: "street, address, street address, address street, address line, address full, house number",
    Kind.CITY: "city, town, suburb, place, address city, locality, municipality",
    Kind.REGION: "region, state, province, county, address region, address state",
    Kind.POSTCODE: "postcode, zip, postal code, zip code, plz, address postcode, address zip",
    Kind.COUNTRY: "country, nation, address country",
    Kind.CURRENCY: "currency",
    Kind.DATE: "date, day, birthday, dob, date of birth, birth date, year",
    Kind.DATETIME: "datetime, time, timestamp, moment",
    Kind.NUMBER: "number, decimal, figure",
    Kind.INTEGER: "integer, int, count",
    Kind.MONEY: "money, amount, price",
    Kind.PERCENT: "percent, percentage, rate",
    Kind.BOOLEAN: "boolean, bool, flag",
    Kind.CHOICE: "choice, category, option, type, status",
    Kind.IDENTIFIER: "identifier, id, code, key, tax number, vat, vat number, ssn, social security number",
    Kind.POINTER: "pointer, reference, ref, foreign key",
    Kind.TEXT: "text, string, note, notes, description, title, job title",
}
_KINDS = {word.strip(): kind for kind, listed in _WORDS.items() for word in listed.split(",")}


def kind_of(word: str) -> Kind:
    """The kind somebody means by `person.given`, `E-Mail`, `zip` and the like; ValueError names the words there are."""
    asked = " ".join(re.sub(r"[\W_]+", " ", word.lower()).split())
    if asked not in _KINDS:
        raise ValueError(f"“{word}” is no kind of column; use one of {', '.join(kind.value for kind in Kind)}.")
    return _KINDS[asked]
