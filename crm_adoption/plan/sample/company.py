"""Norvane Instruments, the invented company: its staff in five teams and what it sells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from crm_adoption.plan.sample import words
from crm_adoption.plan.sample.chance import Chance
from crm_adoption.plan.sample.ids import salesforce_id
from crm_adoption.plan.sample.spelling import mailbox

NAME = "Norvane Instruments AG"
MAIL_DOMAIN = "norvane.example"
SERVICE = "Service and Applications"
TEAMS = {  # team: countries it looks after, its size, its culture from 1 (structured) to 5 (free)
    "Sales DACH": (("DE", "AT", "CH"), 12, 3),
    "Sales France": (("FR",), 6, 4),
    "Sales UK and US": (("GB", "US"), 8, 4),
    "Sales China": (("CN",), 5, 2),
    SERVICE: (("CH", "DE"), 9, 1),
}


HEADQUARTERS = (  # given name, family name, group of the site, job role
    ("Ilse", "Tönnies", "adoption lead", "Head of CRM"),
    ("Götz", "Ahlmann", "executive sponsor", "Head of sales and service"),
    ("Mareike", "Quandler", "data steward", "Master data"),
    ("Rémi", "Fontenelle", "trainer", "Trainer"),
    ("Harriet", "Silverdale", "analyst", "Controller"),
    ("Łukasz", "Śliwka", "integration", "IT"),
)
JOB_ROLES = {  # name: tasks, in the field, devices
    "Account manager": ("Visits customers, writes quotations, keeps opportunities.", True, ["phone", "laptop"]),
    "Team lead": ("Plans the quarter with the team and reviews its pipeline.", False, ["laptop"]),
    "Service engineer": ("Solves cases on the phone and on site.", True, ["phone", "laptop"]),
    "Head of CRM": ("Keeps the CRM programme going.", False, ["laptop"]),
    "Head of sales and service": ("Answers for sales, service and their processes.", False, ["phone", "laptop"]),
    "Master data": ("Keeps accounts, contacts and products right.", False, ["laptop"]),
    "Trainer": ("Trains new and old hands, by role.", False, ["laptop"]),
    "Controller": ("Writes the reports that decisions stand on.", False, ["laptop"]),
    "IT": ("Runs systems and what connects them.", False, ["laptop"]),
}
PURPOSE = "One picture of every laboratory we serve, shared by sales and service."
VISION = "A customer tells us something once, and everybody who serves them knows."


@dataclass(frozen=True)
class Staff:
    """Somebody of the company, as the CRM's user list has them."""

    number: int
    id: str
    given: str
    family: str
    email: str
    title: str
    team: str
    manager_id: str
    started_on: date
    left_on: date | None

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}"


@dataclass(frozen=True)
class Product:
    number: int
    id: str
    name: str
    code: str
    family: str
    price: int
    since: int = 0  # the export it first stands in

    def price_in(self, month: int) -> int:
        """The list price in the export of that month: 3 % more from the fourth on."""
        return round(self.price * 1.03) if month >= PRICES_RISE else self.price


PRICES_RISE = 3
LATE = {"Norvane Desk Enterprise": 5}
_LINES = {
    "Balances": ("Norvane Balance", ("B120", "B220", "B320 Micro", "B500 Industrial"), 2_400),
    "Chromatography": ("Norvane Liquid", ("L1", "L2 Binary", "L3 Quaternary", "L5 Prep", "Autosampler 60"), 38_000),
    "Spectroscopy": ("Norvane Light", ("UV 90", "UV 190", "IR 40", "Raman 7", "Fluor 3"), 21_000),
    "Titration": ("Norvane Titra", ("T10", "T20", "T50 Auto", "KF 4"), 9_500),
    "Software": ("Norvane Desk", ("Single", "Laboratory", "Enterprise"), 3_900),
    "Service": ("Norvane Care", ("Basic", "Plus", "Qualification", "Training Day"), 1_800),
}


def products() -> list[Product]:
    found: list[Product] = []
    for family, (line, models, price) in _LINES.items():
        for step, model in enumerate(models):
            number = len(found) + 1
            amount = round(price * (1 + step * 0.45), -2)
            code = f"NV-{family[:3].upper()}-{number:03d}"
            name = f"{line} {model}"
            product = Product(
                number, salesforce_id("product", number), name, code, family, int(amount), LATE.get(name, 0)
            )
            found.append(product)
    return found


def staff(chance: Chance, first: date) -> list[Staff]:
    """Forty people; the first of each team leads it, and two leave during the story."""
    found: list[Staff] = []
    seen = set()
    for team, (countries, size, _) in TEAMS.items():
        lead_id = ""
        for place in range(size):
            number = len(found) + 1
            dice = chance.stream("staff", number)
            country = words.COUNTRY[countries[place % len(countries)]]
            given, family = dice.choice(country.given), dice.choice(country.family)
            while (given, family) in seen:
                given, family = dice.choice(country.given), dice.choice(country.family)
            seen.add((given, family))
            title = "Team lead" if not place else "Service engineer" if team == SERVICE else "Account manager"
            person = Staff(
                number, salesforce_id("user", number), given, family, f"{mailbox(given, family)}@{MAIL_DOMAIN}",
                title, team, lead_id, first - timedelta(days=dice.randrange(420, 3200)),
                first + timedelta(days=70) if number in (7, 23) else None,
            )  # fmt: skip
            found.append(person)
            lead_id = lead_id or person.id
    return found
