"""A world of companies and people: employers, colleagues, households, namesakes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from text_unidecode import unidecode  # type: ignore[import-untyped]

from .names import Ints, World, digits, world

EMPLOYED = 0.82
PER_COMPANY = 4.5  # people of one company, on average; a few companies have hundreds
OFFICES = 3


@dataclass(frozen=True)
class Companies:
    country: Ints
    name: pl.Series  # without legal form
    legal: pl.Series
    domain: pl.Series
    pattern: Ints  # how it makes e-mail addresses
    switchboard: pl.Series  # national digits
    mains: pl.Series  # the switchboard without its last digits, for extensions
    place: Ints  # (n, OFFICES) rows of places
    size: np.ndarray  # share of all jobs


@dataclass(frozen=True)
class Places:
    """Cities, streets and postcodes that somebody lives or works at."""

    city: pl.Series
    street: pl.Series
    postcode: pl.Series
    country: Ints


@dataclass(frozen=True)
class People:
    country: Ints
    woman: np.ndarray
    given: Ints  # row of the women or of the men
    second: Ints  # second given name, or -1
    family: Ints
    double: Ints  # second family name, or -1
    company: Ints  # or -1
    home: Ints  # row of places
    landline: Ints  # row of landlines, shared by a household
    mobile: pl.Series
    private: pl.Series  # e-mail of one's own
    extension: Ints
    reach: Ints  # the telephone they usually give: switchboard, own line, mobile
    title: Ints
    native: np.ndarray  # usually written in the own script
    number: Ints  # to tell apart people of one company who would get the same e-mail address


def make_world(people: int, dice: np.random.Generator) -> tuple[People, Companies, Places, pl.Series]:
    """People, the companies they work for, where both are, and the landlines of homes."""
    known = world()
    country = dice.choice(len(known.codes), people, p=known.weights)
    employed = dice.random(people) < EMPLOYED
    count = max(3, int(people * EMPLOYED / PER_COMPANY))
    companies, places = _companies(count, known, dice)
    company = np.where(employed, pick_company(companies, country, dice), -1)
    homes = _places(country, known, dice)
    offset = len(places.country)
    woman = dice.random(people) < 0.48
    given = _given(country, woman, known, dice)
    second = np.where(dice.random(people) < 0.07, _given(country, woman, known, dice), -1)
    family = known.families.draw(country, dice, bend=0.75, tail=0.5)
    doubles = np.isin(country, [known.codes.index("es"), known.codes.index("br")])
    double = np.where(
        dice.random(people) < np.where(doubles, 0.7, 0.025),
        known.families.draw(country, dice, bend=0.75, tail=0.3), -1,
    )  # fmt: skip
    home, landline, family, country, double = _households(offset + np.arange(people), family, country, double, dice)
    mobile = pl.Series(_phones(country, 3, known, dice))
    landlines = pl.Series(_phones(country, 2, known, dice))
    free = np.array(known.words["free_mail"].split("|"))[dice.integers(0, 9, people)]
    made = People(
        country, woman, given, second, family, double, company, home, landline, mobile, pl.Series(free),
        dice.integers(1, 900, people), dice.choice(3, people, p=[0.15, 0.3, 0.55]), dice.integers(0, 28, people),
        dice.random(people) < 0.35, np.zeros(0, np.int64),
    )  # fmt: skip
    made = _with_mail(made, companies, known, dice)
    return made, companies, _joined(places, homes), landlines


def pick_company(companies: Companies, country: Ints, dice: np.random.Generator) -> Ints:
    """A company of the same country for each, big ones more often."""
    chosen = np.zeros(len(country), dtype=np.int64)
    for at in np.unique(country):
        here, there = np.flatnonzero(country == at), np.flatnonzero(companies.country == at)
        if not len(there):
            there = np.arange(len(companies.country))
        weights = np.cumsum(companies.size[there])
        chosen[here] = there[np.searchsorted(weights / weights[-1], dice.random(len(here)), side="right")]
    return chosen


def _given(country: Ints, woman: np.ndarray, known: World, dice: np.random.Generator) -> Ints:
    """Given names; one person in twelve has one from elsewhere."""
    origin = np.where(dice.random(len(country)) < 0.08, dice.permutation(country), country)
    return np.where(
        woman, known.women.draw(origin, dice, bend=0.55, tail=0.6), known.men.draw(origin, dice, bend=0.55, tail=0.6)
    )


def _households(
    home: Ints, family: Ints, country: Ints, double: Ints, dice: np.random.Generator
) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """One person in nine shares home, landline and (mostly) family name with the person before."""
    n = len(home)
    joins = np.flatnonzero(dice.random(n) < 0.11)
    joins = joins[joins > 0]
    joins = joins[~np.isin(joins - 1, joins)]
    landline = np.arange(n)
    home, family, country, double = home.copy(), family.copy(), country.copy(), double.copy()
    country[joins] = country[joins - 1]
    home[joins], landline[joins] = home[joins - 1], landline[joins - 1]
    same = joins[dice.random(len(joins)) < 0.85]
    family[same], double[same] = family[same - 1], double[same - 1]
    return home, landline, family, country, double


def _companies(n: int, known: World, dice: np.random.Generator) -> tuple[Companies, Places]:
    country = dice.choice(len(known.codes), n, p=known.weights)
    word = np.array(known.words["company"].split())
    trade = np.array(known.words["trade"].split())
    owner = known.families.latin.gather(known.families.draw(country, dice, bend=0.75, tail=0.5)).to_numpy()
    other = known.families.latin.gather(known.families.draw(country, dice, bend=0.75, tail=0.5)).to_numpy()
    first, last = word[dice.integers(0, len(word), n)], word[dice.integers(0, len(word), n)]
    what = trade[dice.integers(0, len(trade), n)]
    kind = dice.choice(5, n, p=[0.3, 0.12, 0.33, 0.15, 0.1])
    frame = pl.DataFrame({"owner": owner, "other": other, "first": first, "last": last, "what": what, "kind": kind})
    name = frame.select(
        pl.when(pl.col("kind") == 0).then(pl.format("{} {}", "owner", "what"))
        .when(pl.col("kind") == 1).then(pl.format("{} & {}", "owner", "other"))
        .when(pl.col("kind") == 2).then(pl.format("{} {}", "first", "what"))
        .when(pl.col("kind") == 3).then(pl.format("{}{} {}", "first", pl.col("last").str.to_lowercase(), "what"))
        .otherwise(pl.col("owner")).alias("name")
    )["name"]  # fmt: skip
    legal = np.empty(n, dtype=object)
    tld = np.empty(n, dtype=object)
    for at, facts in enumerate(known.facts):
        here = np.flatnonzero(country == at)
        legal[here] = np.array(facts["legal"].split("|"), dtype=object)[
            dice.integers(0, len(facts["legal"].split("|")), len(here))
        ]
        tld[here] = np.array(facts["tld"], dtype=object)[dice.integers(0, len(facts["tld"]), len(here))]
    stem = pl.Series([unidecode(one).lower() for one in name.to_list()]).str.replace_all("[^a-z0-9]", "")
    twin = pl.DataFrame({"stem": stem, "tld": tld.astype(str)}).select(
        pl.int_range(pl.len()).over("stem", "tld").alias("twin"), "stem", "tld"
    )
    domain = twin.select(
        pl.when(pl.col("twin") > 0)
        .then(pl.format("{}{}.{}", "stem", pl.col("twin") + 1, "tld"))
        .otherwise(pl.format("{}.{}", "stem", "tld"))
        .alias("domain")
    )["domain"]
    board = pl.Series(_phones(country, 2, known, dice))
    places = _places(np.repeat(country, OFFICES), known, dice)
    size = dice.pareto(1.15, n) + 0.3
    return Companies(
        country, name, pl.Series(legal.astype(str)), domain, dice.choice(6, n, p=[0.42, 0.18, 0.12, 0.12, 0.08, 0.08]),
        board, board.str.slice(0, board.str.len_chars() - 3), np.arange(n * OFFICES).reshape(n, OFFICES),
        np.minimum(size, n / 40 + 3),
    ), places  # fmt: skip


def _places(country: Ints, known: World, dice: np.random.Generator) -> Places:
    n = len(country)
    city, street, postcode = (np.empty(n, dtype=object) for _ in range(3))
    for at, facts in enumerate(known.facts):
        here = np.flatnonzero(country == at)
        cities = [each.rpartition(":") for each in _cities(facts["cities"])]
        which = dice.choice(len(cities), len(here), p=_falling(len(cities)))
        streets = facts["streets"].split("|")
        road = np.array(streets)[dice.integers(0, len(streets), len(here))]
        house = np.minimum(1 + dice.geometric(0.025, len(here)), 400).astype(str)
        city[here] = np.array([name.replace("_", " ") for name, _, _ in cities])[which]
        rest = digits(facts["postcode"], len(here), dice)
        postcode[here] = np.char.add(np.array([code for _, _, code in cities])[which], rest)
        ahead = facts["number"] == "before"
        pieces = (house, road) if ahead else (road, house)
        street[here] = np.char.add(np.char.add(pieces[0], " "), pieces[1])
    return Places(pl.Series(city.astype(str)), pl.Series(street.astype(str)), pl.Series(postcode.astype(str)), country)


def _cities(text: str) -> list[str]:
    """Names may have blanks: a city ends with its colon and the beginning of its postcodes."""
    found, open_words = [], ""
    for word in text.split(" "):
        open_words = f"{open_words} {word}".strip()
        if ":" in word:
            found.append(open_words)
            open_words = ""
    return found


def _falling(n: int) -> np.ndarray:
    weights = 1 / (np.arange(n) + 2.0)
    shares: np.ndarray = weights / weights.sum()
    return shares


def _phones(country: Ints, shape: int, known: World, dice: np.random.Generator) -> np.ndarray:
    found = np.empty(len(country), dtype=object)
    for at, facts in enumerate(known.facts):
        here = np.flatnonzero(country == at)
        found[here] = digits(facts["phone"][shape], len(here), dice)
    return found.astype(str)


def local_part() -> pl.Expr:
    """What stands before the @ by the custom of a company, from the columns given, family and pattern."""
    pattern, first = pl.col("pattern"), pl.col("given").str.slice(0, 1)
    return (
        pl.when(pattern == 0).then(pl.format("{}.{}", "given", "family"))
        .when(pattern == 1).then(pl.format("{}{}", first, "family"))
        .when(pattern == 2).then(pl.format("{}.{}", first, "family"))
        .when(pattern == 3).then(pl.col("given"))
        .when(pattern == 4).then(pl.format("{}_{}", "given", "family"))
        .otherwise(pl.format("{}{}", "family", first))
    )  # fmt: skip


def _with_mail(made: People, companies: Companies, known: World, dice: np.random.Generator) -> People:
    """Private addresses, and numbers for people of one company who would have the same address."""
    n = len(made.country)
    names = pl.DataFrame(
        {
            "given": bare_given(made, known, np.arange(n)),
            "family": known.families.bare.gather(made.family),
            "domain": made.private,
            "style": dice.integers(0, 5, n),
            "number": dice.integers(1, 9999, n),
            "company": made.company,
            "pattern": companies.pattern[np.maximum(made.company, 0)],
        }
    )
    private = names.select(
        pl.when(pl.col("style") == 0).then(pl.format("{}.{}{}@{}", "given", "family", "number", "domain"))
        .when(pl.col("style") == 1).then(pl.format("{}{}{}@{}", "given", "family", pl.col("number") % 100, "domain"))
        .when(pl.col("style") == 2)
        .then(pl.format("{}{}{}@{}", pl.col("given").str.slice(0, 1), "family", pl.col("number") % 1000, "domain"))
        .when(pl.col("style") == 3).then(pl.format("{}_{}{}@{}", "family", "given", pl.col("number") % 1000, "domain"))
        .otherwise(pl.format("{}{}@{}", "given", "number", "domain")).alias("mail")
    ).select(
        pl.when((rank := pl.int_range(pl.len()).over("mail")) > 0)
        .then(pl.format("{}{}", rank, "mail")).otherwise("mail").alias("mail")
    )["mail"]  # fmt: skip
    twin = names.select("company", local=local_part()).select(
        pl.int_range(pl.len()).over("company", "local").alias("twin")
    )["twin"].to_numpy()  # fmt: skip
    return People(**vars(made) | {"private": private, "number": twin})


def bare_given(made: People, known: World, person: Ints) -> pl.Series:
    woman = made.woman[person]
    given = made.given[person]
    women = known.women.bare.gather(np.where(woman, given, 0))
    men = known.men.bare.gather(np.where(woman, 0, given))
    return pl.select(pl.when(pl.Series(woman)).then(women).otherwise(men).alias("given"))["given"]


def _joined(first: Places, second: Places) -> Places:
    return Places(
        pl.concat([first.city, second.city]), pl.concat([first.street, second.street]),
        pl.concat([first.postcode, second.postcode]), np.concatenate([first.country, second.country]),
    )  # fmt: skip
