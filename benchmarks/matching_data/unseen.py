"""Companies, restaurants and census persons with known duplicates, for judging only: nobody tunes the engine on them.

They are designed apart from the contacts of this folder: other faults, record by record, and twins that only look alike
(branches of a chain, companies of one group, fathers and sons, two of a name in one village).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

import polars as pl

from .names import world

Row = dict[str, str | None]


@dataclass(frozen=True)
class Table:
    """A made-up table: its rows with the column truth, and what kind each other column is of."""

    frame: pl.DataFrame
    kinds: Mapping[str, str]


def companies(rows: int, *, duplicates: float = 0.2, seed: int = 1) -> Table:
    """Accounts with website, phone and address. Sister companies share a part of the name, and the site."""
    return Table(
        _made(rows, duplicates, Random(seed), _company, _company_again),
        {"name": "company", "website": "domain", "phone": "phone", "street": "street", "city": "city",
         "postcode": "postcode", "country": "country", "industry": "category"},
    )  # fmt: skip


def restaurants(rows: int, *, duplicates: float = 0.15, seed: int = 1) -> Table:
    """Guide entries: name, address, city, phone, cuisine. Chains have many houses of one name."""
    return Table(
        _made(rows, duplicates, Random(seed), _restaurant, _restaurant_again),
        {"name": "company", "address": "street", "city": "city", "phone": "phone", "cuisine": "category"},
    )


def census(rows: int, *, duplicates: float = 0.25, seed: int = 1) -> Table:
    """Persons of censuses and parish books: names as the clerk heard them, drifting ages, families in one house."""
    return Table(
        _made(rows, duplicates, Random(seed), _person, _person_again),
        {"given": "given", "surname": "family", "born": "date", "birthplace": "city", "residence": "city",
         "occupation": "category", "sex": "category"},
    )  # fmt: skip


TABLES: Mapping[str, Callable[..., Table]] = {"companies": companies, "restaurants": restaurants, "census": census}


def _made(
    rows: int, duplicates: float, dice: Random, first: Callable[[Random, list[Row]], Row],
    again: Callable[[Random, Row], Row],
) -> pl.DataFrame:  # fmt: skip
    """Things, then more records of some of them, shuffled; `first` sees what was made so far, to look like it."""
    count = rows - round(rows * duplicates)
    made: list[Row] = []
    for truth in range(count):
        made.append(first(dice, made) | {"truth": str(truth)})
    things = list(made)
    for _ in range(rows - count):
        thing = dice.choice(things)
        made.append(again(dice, thing) | {"truth": thing["truth"]})
    dice.shuffle(made)
    return pl.DataFrame(made, schema=dict.fromkeys(made[0], pl.String)).select("truth", pl.exclude("truth"))


# --- words ------------------------------------------------------------------------------------------------------------

BRAND = ["Arden", "Borealis", "Cascade", "Dorset", "Everett", "Fairmont", "Garnet", "Holloway", "Isar", "Jubilee",
         "Kestrel", "Lorimer", "Marlow", "Northgate", "Oakhurst", "Penrose", "Quayside", "Ravenna", "Solent", "Tamar",
         "Umbria", "Valois", "Westbrook", "Xenia", "Yarrow", "Zermatt", "Brenta", "Calder", "Duero", "Elbe", "Foyle",
         "Glen", "Humber", "Jarama", "Kolding", "Loire", "Medway", "Neva", "Oder", "Po", "Saar"]  # fmt: skip
FIELD = ["Foods", "Textiles", "Chemicals", "Marine Services", "Timber", "Ceramics", "Brewing", "Glass", "Paper Mills",
         "Precision Tools", "Medical Devices", "Data Systems", "Wind Power", "Rail", "Shipping", "Insurance Brokers",
         "Property Management", "Dental Supplies", "Seeds", "Dairy", "Optical", "Publishing"]  # fmt: skip
INDUSTRY = ["Manufacturing", "Wholesale", "Retail", "Services", "Technology", "Health", "Energy", "Transport"]
COUNTRIES = {
    "GB": ("United Kingdom", ["Ltd", "Limited", "PLC"], ["Leeds", "Bristol", "Derby", "Hull"], "+44 1", "co.uk"),
    "DE": ("Germany", ["GmbH", "AG", "GmbH & Co KG"], ["Köln", "Ulm", "Kassel", "Jena", "Lübeck"], "+49 2", "de"),
    "FR": ("France", ["SA", "SAS", "SARL"], ["Lyon", "Tours", "Angers", "Metz", "Nîmes"], "+33 4", "fr"),
    "IT": ("Italy", ["SpA", "Srl"], ["Parma", "Bari", "Trieste", "Pisa", "Lecce"], "+39 05", "it"),
    "US": ("United States", ["Inc", "LLC", "Corp"], ["Dayton", "Tucson", "Fresno", "Macon", "Salem"], "+1 41", "com"),
}  # fmt: skip
SHORT = {"Limited": "Ltd", "Services": "Svcs", "Management": "Mgmt", "Systems": "Sys", "Brokers": "Brks",
         "Street": "St", "Avenue": "Ave.", "Boulevard": "Blvd", "Road": "Rd.", "West": "W.", "North": "N"}  # fmt: skip
ROADS = ["Harbour Road", "Mill Street", "Station Avenue", "West Park Road", "College Street", "Foundry Lane",
         "Victoria Boulevard", "North Quay", "Abbey Street", "Castle Hill"]  # fmt: skip
CUISINES = ["italian", "french", "thai", "seafood", "steakhouse", "bistro", "indian", "japanese", "mexican", "deli"]
PLATES = ["Lantern", "Olive", "Copper Pot", "Anchor", "Garden", "Palace", "Corner", "Dragon", "Vine", "Oyster", "Fig",
          "Mill", "Terrace", "Bell", "Harvest", "Lotus", "Saffron", "Pearl", "Rooster", "Juniper"]  # fmt: skip
SIGNS = ["the {p}", "{p} house", "{s}'s", "cafe {p}", "{s} & {t}", "{p} {c}", "chez {s}", "osteria {s}"]
ROOMS = ["grill", "room", "bar"]
OLD_MEN = ["William", "John", "Thomas", "James", "George", "Joseph", "Henry", "Robert", "Charles", "Edward", "Samuel",
           "Richard", "Isaac", "Benjamin", "Abraham", "Daniel", "Alfred", "Walter", "Frederick", "Albert"]  # fmt: skip
OLD_WOMEN = ["Mary", "Elizabeth", "Sarah", "Ann", "Jane", "Hannah", "Ellen", "Martha", "Margaret", "Alice", "Emma",
             "Harriet", "Eliza", "Susannah", "Charlotte", "Esther", "Rebecca", "Agnes", "Caroline", "Ada"]  # fmt: skip
PET = {"William": "Wm", "John": "Jno", "Thomas": "Thos", "James": "Jas", "George": "Geo", "Joseph": "Jos",
       "Charles": "Chas", "Robert": "Robt", "Samuel": "Saml", "Elizabeth": "Eliza", "Mary": "Polly", "Ann": "Nancy",
       "Margaret": "Maggie", "Martha": "Patty", "Sarah": "Sally", "Ellen": "Nell", "Harriet": "Hattie",
       "Frederick": "Fred", "Alfred": "Alf", "Edward": "Ned", "Henry": "Harry", "Hannah": "Anna"}  # fmt: skip
TRADES = ["labourer", "weaver", "farmer", "servant", "carpenter", "miner", "blacksmith", "dressmaker", "scholar",
          "spinner", "mason", "grocer", "shoemaker", "tailor", ""]  # fmt: skip
HEARD = [("ey", "y"), ("er", "ar"), ("ow", "o"), ("gh", ""), ("ee", "ea"), ("ll", "l"), ("tt", "t"), ("k", "ck"),
         ("y", "ie"), ("ou", "u"), ("th", "t"), ("w", "wh"), ("c", "k"), ("s", "ss"), ("e", "")]  # fmt: skip


def _surname(dice: Random) -> str:
    """By Zipf: ranks even on a logarithmic scale."""
    names = world().families
    at = world().codes.index("gb")
    start, size = int(names.start[at]), int(names.size[at])
    return str(names.latin[start + int(min(size, 3_000) ** dice.random()) - 1])


def _slip(dice: Random, text: str | None, share: float) -> str | None:
    """With the given probability one letter lost, changed, or two swapped."""
    if not text or len(text) < 3 or dice.random() >= share:
        return text
    at = dice.randrange(1, len(text) - 1)
    match dice.randrange(3):
        case 0:
            return text[:at] + text[at + 1 :]
        case 1:
            return text[:at] + dice.choice("aeionrstl") + text[at + 1 :]
        case _:
            return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _shortened(text: str | None) -> str | None:
    for word, cut in SHORT.items():
        text = text and text.replace(word, cut)
    return text


def _lost(dice: Random, row: Row, shares: Mapping[str, float]) -> Row:
    return {name: None if dice.random() < shares.get(name, 0.0) else value for name, value in row.items()}


# --- companies --------------------------------------------------------------------------------------------------------


def _company(dice: Random, before: list[Row]) -> Row:
    code = dice.choice(list(COUNTRIES))
    country, forms, cities, prefix, tld = COUNTRIES[code]
    sister = dice.choice(before[-400:]) if before and dice.random() < 0.1 else None
    start = dice.choice(BRAND) if dice.random() < 0.45 else _surname(dice)
    name = f"{start}{dice.choice(['', ' & ' + _surname(dice), ' Bros', ''])} {dice.choice(FIELD)}"
    site = "".join(letter for letter in name.lower() if letter.isalnum()) + "." + tld
    if sister:  # another company of the group: the name with a place or a field more
        base = str(sister["name"]).rsplit(" ", 1)[0]
        name = dice.choice([f"{base} {dice.choice(FIELD)}", f"{base} {country}", f"{base} Holdings"])
        site = str(sister["website"] or site)
    return {
        "name": f"{name} {dice.choice(forms)}",
        "website": None if dice.random() < 0.2 else site,
        "phone": None if dice.random() < 0.2 else f"{prefix}{dice.randrange(10**7, 10**8)}",
        "street": f"{dice.randrange(1, 250)} {dice.choice(ROADS)}",
        "city": dice.choice(cities),
        "postcode": f"{dice.randrange(10000, 99999)}",
        "country": country,
        "industry": dice.choice(INDUSTRY),
    }


def _company_again(dice: Random, row: Row) -> Row:
    name = str(row["name"])
    match dice.randrange(7):
        case 0:
            name = name.rsplit(" ", 1)[0]
        case 1:
            name = str(_shortened(name)).upper()
        case 2:
            name = name.replace(" & ", " and ").replace(" Bros", " Brothers")
        case 3:
            words = name.split()
            name = "".join(word[0] for word in words[:-1]) + " " + words[-1] if len(words) > 3 else name
        case 4:
            name = f"{name} ({row['city']})"
    moved = dice.random() < 0.12
    site = row["website"] and dice.choice(["https://www.{}/", "{}", "www.{}", "http://{}/en"]).format(row["website"])
    phone = row["phone"]
    if phone and dice.random() < 0.2:
        phone = f"{phone[:-2]}{dice.randrange(10, 99)}"
    phone = phone and phone.replace("+", dice.choice(["+", "00"]))
    street = f"{dice.randrange(1, 250)} {dice.choice(ROADS)}" if moved else _slip(dice, _shortened(row["street"]), 0.1)
    again = row | {
        "name": _slip(dice, name, 0.12), "website": site, "phone": phone,
        "street": street,
        "postcode": f"{dice.randrange(10000, 99999)}" if moved else row["postcode"],
        "industry": dice.choice(INDUSTRY) if dice.random() < 0.3 else row["industry"],
    }  # fmt: skip
    return _lost(
        dice, again, {"website": 0.25, "phone": 0.25, "street": 0.2, "city": 0.1, "postcode": 0.2, "country": 0.1}
    )


# --- restaurants ------------------------------------------------------------------------------------------------------


def _restaurant(dice: Random, before: list[Row]) -> Row:
    chain = dice.choice(before[-200:])["name"] if before and dice.random() < 0.12 else None
    city = dice.choice(["london", "new york", "chicago", "boston", "atlanta", "san francisco"])
    shape = dice.choice(SIGNS)
    words = {"p": dice.choice(PLATES), "s": _surname(dice), "t": _surname(dice), "c": dice.choice(ROOMS)}
    return {
        "name": (chain or shape.format(**words)).lower(),
        "address": f"{dice.randrange(1, 900)} {dice.choice(ROADS).lower()}",
        "city": city,
        "phone": f"{dice.randrange(200, 989)}-{dice.randrange(200, 999)}-{dice.randrange(0, 10000):04d}",
        "cuisine": dice.choice(CUISINES),
    }


def _restaurant_again(dice: Random, row: Row) -> Row:
    name = str(row["name"])
    match dice.randrange(6):
        case 0:
            name = name.removeprefix("the ") + dice.choice([" restaurant", "", " (the)"])
        case 1:
            name = f"{name} {dice.choice(['restaurant', 'ristorante', 'bar and grill', 'nyc', 'on the hill'])}"
        case 2:
            name = name.replace("&", "and").replace("'", "")
    address = str(_shortened(str(row["address"]).title())).lower()
    phone = str(row["phone"]).replace("-", "/", 1) if dice.random() < 0.6 else str(row["phone"])
    if dice.random() < 0.06:
        phone = f"{phone[:-4]}{dice.randrange(0, 10000):04d}"
    district = {"new york": "manhattan", "london": "soho", "san francisco": "noe valley", "chicago": "loop"}
    city = district.get(str(row["city"]), row["city"]) if dice.random() < 0.15 else row["city"]
    cross = f" between {dice.choice(ROADS).lower()} and {dice.choice(ROADS).lower()}" if dice.random() < 0.15 else ""
    again = row | {
        "name": _slip(dice, name, 0.12), "address": f"{_slip(dice, address, 0.1)}{cross}", "phone": phone, "city": city,
        "cuisine": dice.choice(CUISINES) if dice.random() < 0.4 else row["cuisine"],
    }  # fmt: skip
    return _lost(dice, again, {"phone": 0.12, "cuisine": 0.1, "address": 0.05})


# --- census -----------------------------------------------------------------------------------------------------------


def _person(dice: Random, before: list[Row]) -> Row:
    kin = dice.choice(before[-6:]) if before and dice.random() < 0.55 else None
    villages = world().families.latin[2000:2120].to_list()
    man = dice.random() < 0.5
    year = (
        min(max(int(str(kin["born"])[:4]) + dice.randrange(-28, 29), 1780), 1885) if kin else dice.randrange(1780, 1880)
    )
    names = OLD_MEN if man else OLD_WOMEN
    given = names[int(len(names) ** dice.random()) - 1]
    if dice.random() < 0.2:
        given = f"{given} {dice.choice(names)}"
    home = kin["residence"] if kin else dice.choice(villages)
    return {
        "given": given,
        "surname": kin["surname"] if kin else _surname(dice),
        "born": f"{year}-{dice.randrange(1, 13):02d}-{dice.randrange(1, 29):02d}",
        "birthplace": home if dice.random() < 0.7 else dice.choice(villages),
        "residence": home,
        "occupation": dice.choice(TRADES) or None,
        "sex": "m" if man else "f",
    }


def _person_again(dice: Random, row: Row) -> Row:
    given, surname = str(row["given"]), str(row["surname"])
    first = given.split()[0]
    match dice.randrange(6):
        case 0:
            given = first
        case 1:
            given = PET.get(first, first)
        case 2:
            given = f"{first[0]} {given.split()[-1]}" if " " in given else given
    if dice.random() < 0.35:
        fitting = [pair for pair in HEARD if pair[0] in surname[1:]]
        if fitting:
            heard, written = dice.choice(fitting)
            surname = surname[0] + surname[1:].replace(heard, written, 1)
    if row["sex"] == "f" and dice.random() < 0.12:
        surname = _surname(dice)
    year, month, day = str(row["born"]).split("-")
    match dice.randrange(10):
        case 0 | 1:
            year = str(int(year) + dice.choice([-2, -1, 1, 2]))
        case 2:
            month, day = f"{min(int(day), 12):02d}", f"{int(month):02d}"
        case 3:
            month, day = "01", "01"
    again = row | {
        "given": _slip(dice, given, 0.08), "surname": _slip(dice, surname, 0.1), "born": f"{year}-{month}-{day}",
        "residence": row["residence"] if dice.random() < 0.75 else row["birthplace"],
        "birthplace": _slip(dice, row["birthplace"], 0.1),
        "occupation": row["occupation"] if dice.random() < 0.6 else (dice.choice(TRADES) or None),
    }  # fmt: skip
    return _lost(dice, again, {"born": 0.12, "birthplace": 0.12, "occupation": 0.2, "given": 0.01})
