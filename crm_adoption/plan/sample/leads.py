"""People who asked once, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from crm_adoption.plan.sample import words
from crm_adoption.plan.sample.chance import Chance, digits
from crm_adoption.plan.sample.company import Staff
from crm_adoption.plan.sample.customers import Contact, seller_for
from crm_adoption.plan.sample.ids import salesforce_id
from crm_adoption.plan.sample.spelling import ascii_word, mailbox

LEADS = 600
LEAD_STATES = ("Open - Not Contacted", "Working - Contacted", "Closed - Not Converted", "Closed - Converted")


@dataclass
class Lead:
    number: int
    id: str
    given: str
    family: str
    company: str
    email: str
    phone: str
    country: str
    city: str
    origin: str
    rating: str
    owner: Staff
    created_on: date
    steps: list[tuple[date, str]] = field(default_factory=list)

    def status(self, on: date) -> str:
        return next(status for day, status in reversed(self.steps) if day <= on)


def leads(chance: Chance, staff: list[Staff], contacts: list[Contact], taken: list[date]) -> list[Lead]:
    """People who asked once; one in fifteen is known as a contact already."""
    found = []
    for number in range(1, LEADS + 1):
        dice = chance.stream("lead", number)
        country = dice.choices(words.COUNTRIES, [one.share for one in words.COUNTRIES])[0]
        given, family = dice.choice(country.given), dice.choice(country.family)
        stem = dice.choice(words.STEMS)
        company, email = f"{stem} {country.forms[0]}", f"{mailbox(given, family)}@{ascii_word(stem)}.example"
        phone = digits(dice.choice(country.phones), dice)
        if dice.random() < 0.066:
            known = dice.choice(contacts)
            given, family, company, email = known.given, known.family, known.account.name, known.email
        created = taken[-1] - timedelta(days=dice.randrange(3, 560))
        lead = Lead(
            number, salesforce_id("lead", number), given, family, company, email, phone, country.code,
            dice.choice(country.places)[0], dice.choice(("Web", "Trade Show", "Partner Referral", "Purchased List")),
            dice.choice(("Hot", "Warm", "Cold")), seller_for(chance, number, country.code, staff), created,
            [(created, LEAD_STATES[0])],
        )  # fmt: skip
        if dice.random() < 0.7:
            lead.steps.append((created + timedelta(days=dice.randrange(1, 40)), LEAD_STATES[1]))
            if dice.random() < 0.6:
                end = LEAD_STATES[3] if dice.random() < 0.35 else LEAD_STATES[2]
                lead.steps.append((created + timedelta(days=dice.randrange(40, 160)), end))
        found.append(lead)
    return found
