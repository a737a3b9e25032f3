"""Made-up contacts of twelve columns for the benchmarks: the same from the same numbers, about 3 % with a fault."""

from __future__ import annotations

import csv
import random
from pathlib import Path

HEADINGS = ["Contact ID", "First Name", "Last Name", "Email", "Phone", "Mobile", "Title", "Mailing Street",
            "Mailing City", "Mailing Zip/Postal Code", "Mailing Country", "Account ID"]  # fmt: skip
FIELDS = ["external_id", "given_name", "family_name", "email", "phone", "mobile", "job_title", "street", "city",
          "postcode", "country", "account_ref"]  # fmt: skip
ACCOUNTS = 50_000
GIVEN = ["Anna", "Ben", "Carla", "David", "Emma", "Felix", "Greta", "Hugo", "Ida", "Jan", "Klara", "Leo", "Mia", "Noah",
         "Olga", "Paul", "Rosa", "Sam", "Tina", "Uwe", "伟", "芳", "Zoë", "Łukasz"]  # fmt: skip
FAMILY = ["Berg", "Dahl", "Ernst", "Fuchs", "Graf", "Haas", "Iser", "Jung", "Kern", "Lang", "Mai", "Neu", "Ott", "Pohl",
          "Quast", "Rau", "Sieg", "Thal", "Ude", "Voss", "王", "李", "Núñez", "Kowalski"]  # fmt: skip
TITLES = ["Buyer", "Head of Lab", "CFO", "Engineer", "Assistant", "Director", "Analyst", ""]
# City, postcode, country, and the valid telephone numbers there: what they begin with, and how many digits follow.
PLACES = [
    ("Berlin", "10115", "Germany", "+49 30 2", 7),
    ("Wien", "1010", "Austria", "+43 1 5", 6),
    ("Paris", "75001", "France", "+33 1 4", 7),
    ("London", "SW1A 1AA", "United Kingdom", "+44 20 7", 7),
    ("Boston", "02108", "United States", "+1 617 5", 6),
]


def contact(n: int, *, changed: bool = False) -> list[str]:
    """Contact number `n`; a changed one has another title and is otherwise the same."""
    dice = random.Random(n)
    given, family = dice.choice(GIVEN), dice.choice(FAMILY)
    city, postcode, country, prefix, digits = dice.choice(PLACES)
    name = f"{given}.{family}".lower()
    email = f"{name if name.isascii() else 'p'}{n}@firm{n % ACCOUNTS}.example.com"
    phone = f"{prefix}{dice.randrange(10**digits):0{digits}}"
    title = dice.choice(TITLES)
    if changed:
        title = f"Former {title or 'member'}"
    match dice.randrange(100):
        case 0:
            email = email.replace("@", " at ")
        case 1:
            phone = phone[:7]
        case 2:
            postcode = "?!"
    mobile = phone if dice.random() < 0.1 else ""
    return [f"C{n:08d}", given, family, email, phone, mobile, title, f"Main St {n % 997}", city, postcode, country,
            f"A{n % ACCOUNTS:06d}"]  # fmt: skip


def write_file(path: Path, rows: int, *, changed_share: float = 0.0) -> None:
    """The first `rows` contacts as CSV; with a share of them changed, always the same ones."""
    chooser = random.Random(rows)
    unfinished = path.with_suffix(".part")
    with unfinished.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        writer.writerows(contact(n, changed=chooser.random() < changed_share) for n in range(rows))
    unfinished.rename(path)
