"""Whom Norvane sells to: accounts with their hierarchy, and the people there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from crm_adoption.plan.sample import words
from crm_adoption.plan.sample.chance import Chance, digits
from crm_adoption.plan.sample.company import TEAMS, Staff
from crm_adoption.plan.sample.ids import guid, record_id, salesforce_id
from crm_adoption.plan.sample.spelling import ascii_word, mailbox, misspelt

SALESFORCE, DYNAMICS, HUBSPOT = "salesforce", "dynamics", "hubspot"
ACCOUNTS = {SALESFORCE: 310, DYNAMICS: 55, HUBSPOT: 40}
KNOWN_TO_MARKETING, HANDED_OVER = 26, 9
CONTACTS = {SALESFORCE: 1_120, DYNAMICS: 210, HUBSPOT: 190}


@dataclass
class Account:
    number: int
    product: str
    id: str
    name: str
    domain: str
    country: str
    city: str
    postcode: str
    state: str
    street: str
    phone: str
    industry: str
    employees: int
    revenue: int
    owner: Staff
    created_on: date
    modified_on: date
    parent: Account | None = None
    twin_of: Account | None = None
    same_as: Account | None = None  # the same company in another CRM
    gone_on: date | None = None  # merged away in the CRM, so later exports no longer hold it
    handed_over: tuple[date, Staff] | None = None  # from when on another seller looks after it


@dataclass
class Contact:
    number: int
    product: str
    id: str
    account: Account
    given: str
    family: str
    email: str
    phone: str
    mobile: str
    title: str
    department: str
    street: str
    owner: Staff
    created_on: date
    modified_on: date
    left_on: date | None = None
    twin_of: Contact | None = None


def identity(product: str, table: str, number: int, chance: Chance) -> str:
    if product == SALESFORCE:
        return salesforce_id(table, number)
    return guid(chance, table, number) if product == DYNAMICS else record_id(table, number)


def accounts(chance: Chance, staff: list[Staff], taken: list[date]) -> list[Account]:
    """Companies of seven countries; one in six belongs to another, one in 25 stands there twice."""
    found: list[Account] = []
    used: set[str] = set()
    for product, count in ACCOUNTS.items():
        heads: list[Account] = []
        for _ in range(count):
            number = len(found) + 1
            if heads and chance.share("account twice", number) < 0.04:
                found.append(_again(chance, number, chance.stream("twin", number).choice(heads), taken))
                continue
            account = _account(chance, number, product, staff, taken, used)
            parents = [head for head in heads if head.parent is None and head.country != "CN"]
            if parents and account.country != "CN" and chance.share("daughter", number) < 0.17:
                _belongs_to(account, chance.stream("parent", number).choice(parents), used)
            heads.append(account)
            found.append(account)
    for first in _first(chance, "known to marketing", found, KNOWN_TO_MARKETING):
        found.append(_known_to_marketing(chance, len(found) + 1, first))
    for account in _first(chance, "handed over", found, HANDED_OVER):
        seller = seller_for(chance, -account.number, account.country, staff)
        account.handed_over = (taken[chance.stream("handed over", account.number).randrange(1, len(taken))], seller)
    return found


def _first(chance: Chance, why: str, found: list[Account], n: int) -> list[Account]:
    """So many of Salesforce's companies that have always been there once, in the order in which they were found."""
    known = [one for one in found if one.product == SALESFORCE and one.twin_of is None]
    numbers = {one.number for one in sorted(known, key=lambda one: chance.share(why, one.number))[:n]}
    return [one for one in known if one.number in numbers]


def _known_to_marketing(chance: Chance, number: int, first: Account) -> Account:
    """A customer as marketing keeps it: mostly the same, in places older, shorter or better known."""
    dice = chance.stream("account of marketing", number)
    country = words.COUNTRY[first.country]
    bare = first.name.rsplit(" ", 1)[0] if " " in first.name else first.name
    moved = dice.random() < 0.12
    return replace(
        first, number=number, product=HUBSPOT, id=identity(HUBSPOT, "account", number, chance), same_as=first,
        name=bare if dice.random() < 0.3 else first.name, parent=None,
        phone=digits(dice.choice(country.phones), dice) if dice.random() < 0.25 else first.phone,
        street=country.street.format(name=dice.choice(country.streets), number=dice.randrange(1, 180))
        if moved else first.street,
        employees=int(first.employees * dice.uniform(0.5, 0.9)) if dice.random() < 0.4 else first.employees,
        revenue=int(round(first.revenue * dice.uniform(0.5, 0.9), -4)) if dice.random() < 0.3 else first.revenue,
        industry=dice.choice(tuple(words.SECTORS)) if dice.random() < 0.06 else first.industry,
    )  # fmt: skip


def _account(
    chance: Chance, number: int, product: str, staff: list[Staff], taken: list[date], used: set[str]
) -> Account:
    dice = chance.stream("account", number)
    country = dice.choices(words.COUNTRIES, [one.share for one in words.COUNTRIES])[0]
    industry = dice.choice(tuple(words.SECTORS))
    sector = words.SECTORS[industry][words.LANGUAGE[country.code]]
    city, postcode, state = dice.choice(country.places)
    while True:
        if country.code == "CN":
            stem = dice.choice(words.CHINESE_STEMS)
            name = f"{city}{stem}{sector}{country.forms[0]}"
            domain = f"cn{number}"
        else:
            stem = dice.choice(words.STEMS)
            name = f"{stem} {sector} {dice.choice(country.forms)}"
            domain = f"{stem}-{sector}-{country.code}"
        if name not in used:
            break
        sector = dice.choice(tuple(words.SECTORS.values()))[words.LANGUAGE[country.code]]
        city, postcode, state = dice.choice(country.places)
    used.add(name)
    created = taken[-1] - timedelta(days=dice.randrange(20, 1900))
    size = int(10 ** dice.uniform(1.0, 4.3))
    return Account(
        number, product, identity(product, "account", number, chance), name,
        "-".join(ascii_word(part) for part in domain.replace("-", " ").split()) + dice.choice(words.MAIL_SUFFIXES),
        country.code, city, digits(postcode, dice), state,
        country.street.format(name=dice.choice(country.streets), number=dice.randrange(1, 180)),
        digits(dice.choice(country.phones), dice), industry, size, int(round(size * dice.uniform(90_000, 320_000), -4)),
        seller_for(chance, number, country.code, staff), created,
        _touched(chance, "account", number, created, taken[-1]),
    )  # fmt: skip


def _belongs_to(account: Account, parent: Account, used: set[str]) -> None:
    name = f"{parent.name.split()[0]} {account.name.partition(' ')[2]} {account.city}"
    if name not in used:
        used.add(name)
        account.name, account.parent, account.domain = name, parent, parent.domain
        account.created_on = max(account.created_on, parent.created_on)
        account.modified_on = max(account.modified_on, account.created_on)


def _again(chance: Chance, number: int, first: Account, taken: list[date]) -> Account:
    """The same company entered a second time, slightly otherwise; half of these are merged away during the story."""
    dice = chance.stream("account again", number)
    bare = first.name.rsplit(" ", 1)[0] if " " in first.name else first.name
    name = dice.choice((bare, first.name.upper(), misspelt(first.name, dice), f"{bare} ({first.city})"))
    created = max(first.created_on, taken[0] - timedelta(days=300)) + timedelta(days=dice.randrange(1, 60))
    return replace(
        first, number=number, id=identity(first.product, "account", number, chance), name=name,
        phone=dice.choice((first.phone, "")), street=dice.choice((first.street, "")), parent=None, twin_of=first,
        created_on=min(created, taken[-1]), modified_on=min(created, taken[-1]),
        gone_on=dice.choice(taken[1:]) if dice.random() < 0.5 else None,
    )  # fmt: skip


def contacts(chance: Chance, accounts: list[Account], taken: list[date]) -> list[Contact]:
    """People at the accounts: mostly once, some twice, some colleagues at one desk, some of one household."""
    found: list[Contact] = []
    for product, count in CONTACTS.items():
        homes = [
            account
            for account in accounts
            if account.product == product and account.twin_of is None and account.same_as is None
        ]
        here: list[Contact] = []
        for place in range(count):
            number = len(found) + 1
            kind = chance.share("contact kind", number)
            dice = chance.stream("contact", number)
            if place > 20 and kind < 0.055:
                person = _same_person(chance, number, dice.choice(here[-200:]), taken)
            else:
                home = homes[int(len(homes) * dice.random() ** 1.4)]
                person = _contact(chance, number, home, taken)
                if place > 20 and kind < 0.10:
                    _sit_beside(person, dice.choice(here[-200:]), household=kind < 0.07)
            here.append(person)
            found.append(person)
    return found


def _contact(chance: Chance, number: int, home: Account, taken: list[date]) -> Contact:
    dice = chance.stream("person", number)
    country = words.COUNTRY[home.country]
    polish = home.country in ("DE", "GB") and dice.random() < 0.12
    given = dice.choice(words.POLISH_GIVEN if polish else country.given)
    family = dice.choice(words.POLISH_FAMILY if polish else country.family)
    created = max(home.created_on, taken[-1] - timedelta(days=dice.randrange(5, 1800)))
    return Contact(
        number, home.product, identity(home.product, "contact", number, chance), home, given, family,
        f"{mailbox(given, family)}{number if dice.random() < 0.2 else ''}@{home.domain}",
        digits(dice.choice(country.phones), dice), digits(dice.choice(country.mobiles), dice),
        dice.choice(words.TITLES), dice.choice(words.DEPARTMENTS), home.street, home.owner, created,
        _touched(chance, "contact", number, created, taken[-1]),
        taken[0] + timedelta(days=dice.randrange(200)) if dice.random() < 0.03 else None,
    )  # fmt: skip


def _same_person(chance: Chance, number: int, first: Contact, taken: list[date]) -> Contact:
    """The same person entered again: a nickname, a slip of the pen, a new address or another form of the number."""
    dice = chance.stream("person again", number)
    given, family, email, phone = first.given, first.family, first.email, first.phone
    change = dice.randrange(4)
    if change == 0:
        given = words.NICKNAMES.get(given, given[0] + ".")
    elif change == 1:
        family = misspelt(family, dice)
    elif change == 2:
        email = f"{mailbox(first.given, first.family)}{number}@mail.example.com"
    else:
        phone = ""
    created = min(taken[-1], first.created_on + timedelta(days=dice.randrange(1, 500)))
    return replace(
        first, number=number, id=identity(first.product, "contact", number, chance), given=given, family=family,
        email=email if change != 3 else dice.choice((email, "")), phone=phone, created_on=created, modified_on=created,
        left_on=None, twin_of=first.twin_of or first,
    )  # fmt: skip


def _sit_beside(person: Contact, other: Contact, *, household: bool) -> None:
    """Somebody else who shares a number and a street with another: a colleague, or family of the same name."""
    person.phone, person.street = other.phone, other.street
    if household:
        person.family = other.family
        person.email = f"{mailbox(person.given, person.family)}{person.number}@home.example.org"


def seller_for(chance: Chance, number: int, country: str, staff: Iterable[Staff]) -> Staff:
    sellers = [one for one in staff if country in TEAMS[one.team][0] and one.title != "Service engineer"]
    return chance.stream("owner", number).choice(sellers)


def _touched(chance: Chance, table: str, number: int, created: date, last: date) -> date:
    """When somebody last worked on it: recently for most, years ago for one in six."""
    if chance.share("stale", table, number) < 0.16:
        return created
    return max(created, last - timedelta(days=chance.stream("touched", table, number).randrange(1, 400)))
