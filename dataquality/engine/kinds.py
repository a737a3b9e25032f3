"""The kinds of column a CRM export holds."""

from enum import StrEnum


class Kind(StrEnum):
    """What the values of a column mean; decides how they are read, checked and compared."""

    TEXT = "text"
    PERSON = "person"
    GIVEN = "given"
    FAMILY = "family"
    COMPANY = "company"
    EMAIL = "email"
    PHONE = "phone"
    URL = "url"
    DOMAIN = "domain"
    STREET = "street"
    CITY = "city"
    REGION = "region"
    POSTCODE = "postcode"
    COUNTRY = "country"
    CURRENCY = "currency"
    DATE = "date"
    DATETIME = "datetime"
    NUMBER = "number"
    INTEGER = "integer"
    MONEY = "money"
    PERCENT = "percent"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    IDENTIFIER = "identifier"
    POINTER = "pointer"
