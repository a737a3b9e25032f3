"""Records of people as a CRM collects them: by forms, lists, events and colleagues, each in its own way."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from . import reach
from .damage import damaged
from .names import Ints, World, world
from .people import Companies, People, Places, make_world, pick_company

COLUMNS = ("id", "truth", "first_name", "last_name", "email", "phone", "company", "title", "street", "city", "postcode",
           "country", "source", "created_at")  # fmt: skip
KINDS: Mapping[str, str] = {
    "first_name": "given", "last_name": "family", "email": "email", "phone": "phone", "company": "company",
    "street": "street", "city": "city", "postcode": "postcode", "country": "country",
}  # fmt: skip
PIECE = 250_000  # rows rendered at a time
IN_LATIN = {"Köln": "Cologne", "München": "Munich", "Nürnberg": "Nuremberg", "Roma": "Rome", "Milano": "Milan",
            "Torino": "Turin", "Napoli": "Naples", "Firenze": "Florence", "Venezia": "Venice", "Warszawa": "Warsaw",
            "Kraków": "Cracow", "Sevilla": "Seville", "Göteborg": "Gothenburg", "Den Haag": "The Hague",
            "Moscow": "Moskva", "Saint Petersburg": "St Petersburg", "Bengaluru": "Bangalore", "İstanbul": "Istanbul",
            "Guangzhou": "Canton", "New York": "NYC", "Lisboa": "Lisbon", "Frankfurt am Main": "Frankfurt"}  # fmt: skip
OTHER_COUNTRY = {
    "United States": ["USA", "US", "U.S.A."], "United Kingdom": ["UK", "GB", "Great Britain", "England"],
    "Germany": ["DE", "Deutschland", "GER"], "France": ["FR"], "Spain": ["ES", "España"], "Italy": ["IT", "Italia"],
    "Netherlands": ["NL", "Nederland", "Holland", "The Netherlands"], "Poland": ["PL", "Polska"],
    "Brazil": ["BR", "Brasil"], "Sweden": ["SE", "Sverige"], "Turkey": ["TR", "Türkiye"], "India": ["IN"],
    "China": ["CN", "PRC", "中国"], "Japan": ["JP"], "Russia": ["RU", "Russian Federation", "Россия"],
    "United Arab Emirates": ["AE", "UAE"],
}  # fmt: skip
SHORTER = {"Insurance": "Ins.", "International": "Intl", "Engineering": "Eng.", "Systems": "Sys", "Consulting": "Cons.",
           "Services": "Svcs", "Industries": "Ind.", "Logistics": "Logist.", "Construction": "Constr.",
           "Solutions": "Sol."}  # fmt: skip


def make_contacts(rows: int, *, duplicates: float = 0.15, seed: int = 1) -> pl.DataFrame:
    """`rows` contacts in random order; the share `duplicates` of them describes a person who is there already.

    The column `truth` is the person. Columns are those of a CRM export, blank cells are null.
    """
    if rows < 10 or not 0 <= duplicates < 0.9:
        raise ValueError(f"10 rows or more and a share from 0 to 0.9 are possible, not {rows} rows and {duplicates}.")
    dice = np.random.default_rng([seed, rows])
    further = round(rows * duplicates)
    count = rows - further
    people, companies, places, landlines = make_world(count, dice)
    known_twice = max(1, min(count, round(further / 1.4)))
    pool = dice.permutation(count)[:known_twice]
    first = pool[: min(further, known_twice)]
    copies = np.concatenate([first, pool[dice.integers(0, known_twice, further - len(first))]])
    person = np.concatenate([np.arange(count), copies])
    is_copy = np.arange(rows) >= count
    order = dice.permutation(rows)
    pieces = [
        _render(order[at : at + PIECE], person, is_copy, people, companies, places, landlines,
                np.random.default_rng([seed, rows, at]))
        for at in range(0, rows, PIECE)
    ]  # fmt: skip
    return pl.concat(pieces).with_columns(id=pl.int_range(rows).cast(pl.String)).select(COLUMNS)


def _render(
    order: Ints, person: Ints, is_copy: np.ndarray, people: People, companies: Companies, places: Places,
    landlines: pl.Series, dice: np.random.Generator,
) -> pl.DataFrame:  # fmt: skip
    known = world()
    who, again = person[order], is_copy[order]
    n = len(who)
    employed = people.company[who] >= 0
    # Who changes employer keeps the mobile; a record that shares nothing but a name nobody could ever recognise.
    moved = employed & again & (people.reach[who] == 2) & (dice.random(n) < 0.18)
    company = np.where(moved, pick_company(companies, people.country[who], dice), people.company[who])
    source = dice.choice(7, n, p=[0.26, 0.2, 0.1, 0.22, 0.08, 0.08, 0.06])
    names = _names(who, again, source, people, known, dice)
    mail = reach.mail(who, again, moved, company, employed, source, people, companies, known, dice)
    phone = reach.phone(who, again, moved, company, employed, source, people, companies, landlines, known, dice)
    place = np.where(
        employed & (dice.random(n) < 0.97),
        companies.place[np.maximum(company, 0), dice.choice(3, n, p=[0.8, 0.14, 0.06])],
        people.home[who],
    )
    frame = pl.DataFrame(
        {
            "truth": who,
            "first_name": names[0],
            "last_name": names[1],
            "email": mail,
            "phone": phone,
            "company": _company(company, employed, companies, dice),
            "title": _title(who, again, moved, employed, people, known, dice),
            "street": places.street.gather(place),
            "city": places.city.gather(place),
            "postcode": places.postcode.gather(place),
            "country": pl.Series([each["country"] for each in known.facts]).gather(places.country[place]),
            "source": pl.Series(known.words["sources"].split("|")).gather(source),
            "private": ~employed,
        }
    )
    frame = damaged(_otherwise_said(frame, dice), again, source, dice)
    day = np.datetime64("2016-01-01T00:00:00") + dice.integers(0, 300_000_000, n).astype("timedelta64[s]")
    return frame.drop("private").with_columns(
        pl.col("truth").cast(pl.String),
        created_at=pl.Series(day.astype("datetime64[ms]")).dt.to_string("%Y-%m-%dT%H:%M:%S"),
    )


def _names(
    who: Ints, again: np.ndarray, source: Ints, people: People, known: World, dice: np.random.Generator
) -> tuple[pl.Series, pl.Series]:
    """Given and family name as this source has them: short forms, initials, married names, own script, swapped."""
    n = len(who)
    woman = people.woman[who]
    given, own = _given(people.given[who], woman, known)
    second, _ = _given(np.maximum(people.second[who], 0), woman, known)
    chance = dice.random((8, n))
    short = pl.Series(_short(given, chance[0] < np.where(again, 0.16, 0.09), known, dice))
    married = woman & again & (chance[1] < 0.03)
    family_row = np.where(married, dice.permutation(people.family[who]), people.family[who])
    family, family_own = known.families.latin.gather(family_row), known.families.native.gather(family_row)
    double_row = people.double[who]
    double = known.families.latin.gather(np.maximum(double_row, 0))
    has_second = (people.second[who] >= 0) & (chance[2] < 0.55)
    has_double = (double_row >= 0) & (chance[3] < 0.6) & ~married
    scripted = np.isin(people.country[who], [at for at, each in enumerate(known.facts) if "script" in each])
    native = scripted & (people.native[who] ^ (chance[4] < 0.12))
    frame = pl.DataFrame(
        {
            "given": given, "short": short, "own": own, "second": second, "family": family, "family_own": family_own,
            "double": double, "has_second": has_second, "initial": chance[5] < 0.5, "has_double": has_double,
            "native": native, "letter": chance[6] < np.where(source == 3, 0.05, 0.015), "swap": chance[7],
            "hyphen": people.country[who] == known.codes.index("de"),
            "east": np.isin(people.country[who], [known.codes.index("cn"), known.codes.index("jp")]),
        }
    )  # fmt: skip
    full = frame.select(
        pl.when("native").then("own")
        .when("letter").then(pl.col("given").str.slice(0, 1) + ".")
        .when(pl.col("has_second") & pl.col("initial"))
        .then(pl.format("{} {}.", "given", pl.col("second").str.slice(0, 1)))
        .when("has_second").then(pl.format("{} {}", "given", "second"))
        .otherwise("short").alias("first"),
        pl.when("native").then("family_own")
        .when(pl.col("has_double") & pl.col("hyphen")).then(pl.format("{}-{}", "family", "double"))
        .when("has_double").then(pl.format("{} {}", "family", "double"))
        .otherwise("family").alias("last"),
        pl.when("east").then(pl.col("swap") < 0.07).otherwise(pl.col("swap") < 0.012).alias("swapped"),
        (pl.col("swap") > 0.992).alias("joined"),
    )  # fmt: skip
    said = full.select(
        pl.when("joined").then(None).when("swapped").then("last").otherwise("first").alias("first"),
        pl.when("joined").then(pl.format("{} {}", "first", "last")).when("swapped").then("first")
        .otherwise("last").alias("last"),
    )  # fmt: skip
    return said["first"], said["last"]


def _given(row: Ints, woman: np.ndarray, known: World) -> tuple[pl.Series, pl.Series]:
    sides = []
    for what in ("latin", "native"):
        women = getattr(known.women, what).gather(np.where(woman, row, 0))
        men = getattr(known.men, what).gather(np.where(woman, 0, row))
        sides.append(pl.select(pl.when(pl.Series(woman)).then(women).otherwise(men).alias("x"))["x"])
    return sides[0], sides[1]


def _short(given: pl.Series, wanted: np.ndarray, known: World, dice: np.random.Generator) -> list[str]:
    names = given.to_list()
    for at in np.flatnonzero(wanted):
        forms = known.short.get(names[at])
        if forms:
            names[at] = forms[int(dice.integers(0, len(forms)))]
    return names


def _company(company: Ints, employed: np.ndarray, companies: Companies, dice: np.random.Generator) -> pl.Series:
    n = len(company)
    row = np.maximum(company, 0)
    frame = pl.DataFrame(
        {
            "name": companies.name.gather(row), "legal": companies.legal.gather(row), "there": employed,
            "domain": companies.domain.gather(row), "missing": dice.random(n) < 0.1, "how": dice.random(n),
        }
    )  # fmt: skip
    shorter = pl.col("name")
    for word, cut in SHORTER.items():
        shorter = shorter.str.replace(word, cut, literal=True)
    return frame.select(
        pl.when(~pl.col("there") | pl.col("missing")).then(None)
        .when(pl.col("how") < 0.55).then(pl.format("{} {}", "name", "legal").str.strip_chars())
        .when(pl.col("how") < 0.88).then("name")
        .when(pl.col("how") < 0.92).then(pl.col("name").str.replace(" & ", " and ", literal=True))
        .when(pl.col("how") < 0.96).then(shorter)
        .when(pl.col("how") < 0.97).then("domain")
        .when(pl.col("how") < 0.98).then(pl.col("name").str.replace_all(r"(\w)\w*\s*", "${1}").str.to_uppercase())
        .otherwise(pl.format("{}, {}", "name", "legal").str.strip_chars(", ")).alias("company")
    )["company"]  # fmt: skip


def _title(
    who: Ints, again: np.ndarray, moved: np.ndarray, employed: np.ndarray, people: People, known: World,
    dice: np.random.Generator,
) -> pl.Series:  # fmt: skip
    titles = known.words["titles"].split("|")
    n = len(who)
    other = moved | (again & (dice.random(n) < 0.25))
    at = np.where(other, dice.integers(0, len(titles), n), people.title[who])
    blank = ~employed | (dice.random(n) < 0.35)
    return pl.select(pl.when(pl.Series(blank)).then(None).otherwise(pl.Series(titles).gather(at)).alias("t"))["t"]


def _otherwise_said(frame: pl.DataFrame, dice: np.random.Generator) -> pl.DataFrame:
    """Cities and countries by another name, streets cut short, and what a source leaves out."""
    n = len(frame)
    chance = pl.DataFrame(dice.random((n, 7)), schema=[f"c{at}" for at in range(7)])
    street = pl.col("street")
    cut = (
        street.str.replace(r"(?i)street", "St").str.replace(r"(?i)avenue", "Ave").str.replace(r"\bRoad\b", "Rd")
        .str.replace("straße", "str.").str.replace("Straße", "Str.").str.replace(r"\bCalle\b", "C/")
        .str.replace(r"\bavenue\b", "av.").str.replace(r"\bboulevard\b", "bd").str.replace("Caddesi", "Cad.")
    )  # fmt: skip
    country = pl.col("country")
    turns = (pl.col("c3") * 1e6).cast(pl.Int64)
    others = pl.lit(None, dtype=pl.String)
    for name, said in OTHER_COUNTRY.items():
        others = pl.when(country == name).then(
            pl.lit(pl.Series([said])).list.get(turns % len(said), null_on_oob=True)
        ).otherwise(others)  # fmt: skip
    return pl.concat([frame, chance], how="horizontal").select(
        "truth", "first_name", "last_name", "email", "phone", "company", "title",
        pl.when(pl.col("c0") > pl.when("private").then(0.7).otherwise(0.36)).then(None)
        .when(pl.col("c1") < 0.35).then(cut).otherwise(street).alias("street"),
        pl.when(pl.col("c2") < 0.14).then(None).when(pl.col("c2") < 0.26)
        .then(pl.col("city").replace(IN_LATIN)).otherwise("city").alias("city"),
        pl.when(pl.col("c4") < 0.33).then(None).when(pl.col("postcode") == "").then(None)
        .when(pl.col("c4") < 0.4).then(pl.col("postcode").str.replace_all(r"[\s-]", ""))
        .otherwise("postcode").alias("postcode"),
        pl.when(pl.col("c5") < 0.18).then(None).when(pl.col("c5") < 0.4).then(others)
        .otherwise(country).alias("country"),
        "source", "private",
    )  # fmt: skip
