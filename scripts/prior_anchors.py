"""Where training of the prior starts from, and what it falls back on for columns that no labelled table had.

For each role of a comparison the share of each level (from 1 on, see dataquality/engine/compare/plan.py) where the two
agree as duplicates do, where they are strangers, and, where it matters, where they share it without being the same.
"""

GIVEN = {
    "agree": [0.80, 0.06, 0.05, 0.03, 0.03, 0.01, 0.003, 0.004, 0.013],
    "strange": [0.03, 0.005, 0.002, 0.01, 0.01, 0.001, 0.012, 0.08, 0.85],
    "shared": [0.02, 0.005, 0.002, 0.02, 0.015, 0.001, 0.017, 0.11, 0.81],
}
FAMILY = {
    "agree": [0.88, 0.05, 0.01, 0.005, 0.025, 0.005, 0.01, 0.015],
    "strange": [0.10, 0.003, 0.005, 0.005, 0.01, 0.017, 0.06, 0.80],
}
NAMESAKES = {
    "agree": [0.35, 0.15, 0.13, 0.12, 0.12, 0.09, 0.04],
    "strange": [0.005, 0.02, 0.055, 0.12, 0.20, 0.35, 0.25],
}
SURNAME = {"agree": [0.35, 0.25, 0.20, 0.12, 0.08], "strange": [0.05, 0.12, 0.20, 0.30, 0.33]}
COMPANY = {
    "agree": [0.45, 0.13, 0.10, 0.07, 0.12, 0.05, 0.02, 0.01, 0.02, 0.03],
    "strange": [0.003, 0.004, 0.006, 0.017, 0.005, 0.005, 0.01, 0.02, 0.06, 0.87],
    "shared": [0.15, 0.22, 0.20, 0.20, 0.10, 0.05, 0.02, 0.01, 0.02, 0.03],
    "changed": [0.03, 0.03, 0.03, 0.02, 0.02, 0.02, 0.01, 0.02, 0.04, 0.78],
}
ENTITY = {
    "agree": [0.40, 0.07, 0.03, 0.02, 0.14, 0.12, 0.10, 0.05, 0.04, 0.03],
    "strange": [0.003, 0.003, 0.004, 0.01, 0.004, 0.01, 0.02, 0.06, 0.18, 0.706],
    "shared": [0.08, 0.12, 0.15, 0.20, 0.10, 0.12, 0.08, 0.05, 0.05, 0.05],
}
EMAIL = {
    "agree": [0.60, 0.05, 0.09, 0.06, 0.06, 0.06, 0.02, 0.01, 0.025, 0.025],
    "strange": [0.002, 0.01, 0.002, 0.01, 0.01, 0.06, 0.015, 0.003, 0.25, 0.638],
    "shared": [0.01, 0.08, 0.003, 0.005, 0.03, 0.61, 0.01, 0.01, 0.14, 0.102],
    "changed": [0.06, 0.01, 0.02, 0.17, 0.03, 0.03, 0.18, 0.01, 0.25, 0.24],
}
PHONE = {
    "agree": [0.58, 0.06, 0.03, 0.02, 0.07, 0.06, 0.02, 0.16],
    "strange": [0.003, 0.004, 0.006, 0.007, 0.005, 0.005, 0.01, 0.96],
    "shared": [0.15, 0.20, 0.12, 0.08, 0.05, 0.02, 0.08, 0.30],
    "changed": [0.12, 0.02, 0.01, 0.01, 0.03, 0.02, 0.02, 0.77],
}
HOST = {
    "agree": [0.45, 0.15, 0.10, 0.10, 0.05, 0.15],
    "strange": [0.005, 0.005, 0.01, 0.03, 0.002, 0.948],
    "shared": [0.15, 0.20, 0.20, 0.25, 0.02, 0.18],
    "changed": [0.06, 0.03, 0.03, 0.04, 0.01, 0.83],
}
STREET = {
    "agree": [0.46, 0.09, 0.03, 0.18, 0.05, 0.04, 0.02, 0.05, 0.08],
    "strange": [0.001, 0.002, 0.001, 0.002, 0.01, 0.002, 0.02, 0.03, 0.932],
    "shared": [0.20, 0.18, 0.15, 0.12, 0.05, 0.02, 0.06, 0.04, 0.18],
    "changed": [0.08, 0.03, 0.01, 0.03, 0.01, 0.01, 0.02, 0.05, 0.76],
}
PLACE = {
    "agree": [0.50, 0.25, 0.12, 0.08, 0.05],
    "strange": [0.02, 0.05, 0.15, 0.02, 0.76],
    "shared": [0.35, 0.30, 0.20, 0.03, 0.12],
    "changed": [0.25, 0.15, 0.12, 0.03, 0.45],
}
CHOICE = {
    "agree": [0.20, 0.25, 0.35, 0.05, 0.15],
    "strange": [0.02, 0.08, 0.40, 0.02, 0.48],
}
COUNTRY = {"agree": [0.05, 0.25, 0.67, 0.005, 0.025], "strange": [0.01, 0.09, 0.60, 0.01, 0.29]}
POSTCODE = {
    "agree": [0.45, 0.25, 0.12, 0.08, 0.04, 0.06],
    "strange": [0.01, 0.03, 0.06, 0.02, 0.10, 0.78],
    "shared": [0.30, 0.30, 0.15, 0.03, 0.07, 0.15],
    "changed": [0.20, 0.15, 0.10, 0.03, 0.10, 0.42],
}
DAY = {
    "agree": [0.80, 0.03, 0.12, 0.035, 0.01, 0.005],
    "namesake": [0.00006, 0.004, 0.001, 0.03, 0.02, 0.94494],
    "strange": [0.01, 0.02, 0.01, 0.06, 0.05, 0.85],
    "shared": [0.0006, 0.008, 0.002, 0.04, 0.03, 0.9194],
    "kin": [0.004, 0.008, 0.004, 0.05, 0.05, 0.884],
}
CODE = {
    "agree": [0.75, 0.04, 0.02, 0.09, 0.03, 0.07],
    "namesake": [0.0005, 0.002, 0.005, 0.002, 0.01, 0.9805],
    "strange": [0.002, 0.01, 0.02, 0.003, 0.02, 0.945],
    "shared": [0.01, 0.02, 0.03, 0.003, 0.02, 0.917],
}
TEXT = {
    "agree": [0.25, 0.20, 0.10, 0.12, 0.13, 0.06, 0.14],
    "strange": [0.01, 0.04, 0.01, 0.02, 0.06, 0.11, 0.75],
}
NAME_TEXT = {
    "agree": [0.42, 0.08, 0.22, 0.15, 0.09, 0.02, 0.02],
    "strange": [0.002, 0.003, 0.005, 0.02, 0.10, 0.20, 0.67],
    "shared": [0.08, 0.10, 0.15, 0.20, 0.20, 0.12, 0.15],
}
NUMBER = {"agree": [0.35, 0.40, 0.10, 0.15], "strange": [0.01, 0.12, 0.07, 0.80]}

# Which of these each class starts from, in the order of CLASSES.
ROLES = {
    "given": (GIVEN, ("agree", "agree", "strange", "agree", "shared", "shared", "agree", "strange")),
    "family": (FAMILY, ("agree", "agree", "strange", "agree", "strange", "agree", "strange", "strange")),
    "namesakes": (NAMESAKES, ("agree", "agree", "strange", "strange", "strange", "strange", "strange", "strange")),
    "namesakes.bare": (NAMESAKES, ("agree", "agree", "strange", "strange", "strange", "strange", "strange", "strange")),
    "surname": (SURNAME, ("agree", "agree", "strange", "strange", "strange", "agree", "strange", "strange")),
    "given.further": (GIVEN, ("agree", "agree", "strange", "strange", "agree", "strange", "strange", "strange")),
    "family.further": (FAMILY, ("agree", "agree", "strange", "strange", "agree", "strange", "strange", "strange")),
    "namesakes.further": (
        NAMESAKES,
        ("agree", "agree", "strange", "strange", "agree", "strange", "strange", "strange"),
    ),
    "surname.further": (SURNAME, ("agree", "agree", "strange", "strange", "agree", "strange", "strange", "strange")),
    "company": (COMPANY, ("agree", "changed", "strange", "strange", "shared", "strange", "strange", "strange")),
    "company.entity": (ENTITY, ("agree", "agree", "strange", "shared", "strange", "strange", "strange", "shared")),
    "email": (EMAIL, ("agree", "changed", "strange", "strange", "shared", "strange", "strange", "shared")),
    "phone": (PHONE, ("agree", "changed", "strange", "strange", "shared", "shared", "strange", "shared")),
    "host": (HOST, ("agree", "changed", "strange", "strange", "shared", "strange", "strange", "shared")),
    "street": (STREET, ("agree", "changed", "strange", "strange", "shared", "shared", "strange", "strange")),
    "place": (PLACE, ("agree", "changed", "strange", "strange", "shared", "shared", "shared", "strange")),
    "place.city": (PLACE, ("agree", "changed", "strange", "strange", "shared", "shared", "shared", "strange")),
    "place.region": (COUNTRY, ("agree", "agree", "strange", "strange", "agree", "agree", "agree", "agree")),
    "place.country": (COUNTRY, ("agree", "agree", "strange", "strange", "agree", "agree", "agree", "agree")),
    "place.choice": (CHOICE, ("agree", "agree", "strange", "strange", "strange", "strange", "strange", "agree")),
    "postcode": (POSTCODE, ("agree", "changed", "strange", "strange", "shared", "shared", "shared", "strange")),
    "day": (DAY, ("agree", "agree", "strange", "namesake", "shared", "kin", "shared", "strange")),
    "code": (CODE, ("agree", "agree", "strange", "namesake", "strange", "shared", "strange", "strange")),
    "company.alone": (ENTITY, ("agree", "agree", "strange", "strange", "strange", "strange", "strange", "strange")),
    "text.alone": (NAME_TEXT, ("agree", "agree", "strange", "strange", "strange", "strange", "strange", "strange")),
    "text": (TEXT, ("agree", "agree", "strange", "strange", "strange", "strange", "strange", "strange")),
    "text.entity": (NAME_TEXT, ("agree", "agree", "strange", "shared", "strange", "strange", "strange", "shared")),
    "number": (NUMBER, ("agree", "agree", "strange", "strange", "strange", "strange", "strange", "strange")),
}
CLASSES = ("same", "moved", "other", "namesake", "neighbour", "household", "local", "branch")
SHARES = {
    "same": 0.15,
    "moved": 0.03,
    "other": 0.5,
    "namesake": 0.12,
    "neighbour": 0.15,
    "household": 0.05,
    "local": 0.05,
    "branch": 0.05,
}


def anchors() -> dict[str, dict[str, list[float]]]:
    """The prior before any training."""
    made = {
        role: {name: list(table[shape]) for name, shape in zip(CLASSES, shapes, strict=True)}
        for role, (table, shapes) in ROLES.items()
    }
    made["classes"] = {name: [share] for name, share in SHARES.items()}
    return made
