"""Small tables of people and of companies, with the truth, drawn by a seed."""

from __future__ import annotations

import numpy as np
import polars as pl

from dataquality.engine.kinds import Kind

GIVEN = ("Robert", "Maria", "Li", "Anna", "Johann", "Fatima", "Peter", "Olga", "Carlos", "Mei", "Paul", "Ingrid")
FAMILY = ("Miller", "García", "Wang", "Nowak", "Müller", "Haddad", "Ivanova", "Okafor", "Silva", "Tanaka", "Dubois")
CITY = ("Leeds", "Porto", "Graz", "Lyon", "Osaka", "Kraków", "Accra")
KINDS = {
    "first": Kind.GIVEN,
    "last": Kind.FAMILY,
    "email": Kind.EMAIL,
    "phone": Kind.PHONE,
    "company": Kind.COMPANY,
    "street": Kind.STREET,
    "city": Kind.CITY,
    "born": Kind.DATE,
}


def people(entities: int, seed: int, *, twice: float = 0.4) -> tuple[pl.DataFrame, np.ndarray]:
    """People, a share of them twice, the second time with slips and blanks."""
    draw = np.random.default_rng(seed)
    rows, truth = [], []
    for number in range(entities):
        first, last = str(draw.choice(GIVEN)), f"{draw.choice(FAMILY)}{'' if draw.random() < 0.6 else 'son'}"
        company = f"{draw.choice(FAMILY)} {draw.choice(('Foods', 'Steel', 'Travel', 'Legal'))} Ltd"
        row = [
            first,
            last,
            f"{first}.{last}{number}@{company.split()[0]}.com".lower(),
            f"+4420{draw.integers(10**7, 10**8)}",
            company,
            f"{draw.integers(1, 90)} {draw.choice(('High', 'Mill', 'Park'))} Road",
            str(draw.choice(CITY)),
            f"{draw.integers(1940, 2000)}-{draw.integers(1, 13):02d}-{draw.integers(1, 29):02d}",
        ]
        rows.append(row)
        truth.append(number)
        if draw.random() < twice:
            copy: list[str | None] = list(row)
            for place in draw.choice(len(row), 2, replace=False):
                copy[place] = None if draw.random() < 0.4 else _slip(row[place], draw)
            rows.append(copy)  # type: ignore[arg-type]
            truth.append(number)
    order = draw.permutation(len(rows))
    table = pl.DataFrame([rows[place] for place in order], schema=dict.fromkeys(KINDS, pl.String), orient="row")
    return table, np.array(truth)[order]


def _slip(text: str, draw: np.random.Generator) -> str:
    place = int(draw.integers(1, max(len(text) - 1, 2)))
    return text[:place] + text[place + 1 :]
