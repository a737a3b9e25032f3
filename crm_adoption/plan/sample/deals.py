"""Opportunities that move from export to export, and the contact roles beside them, mostly blank at first."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from crm_adoption.plan.sample.chance import Chance
from crm_adoption.plan.sample.company import Product, Staff
from crm_adoption.plan.sample.customers import SALESFORCE, Account, Contact
from crm_adoption.plan.sample.ids import salesforce_id

OPPORTUNITIES = 900
STAGES = {  # stage: probability, forecast category
    "Prospecting": (10, "Pipeline"),
    "Qualification": (20, "Pipeline"),
    "Needs Analysis": (40, "Pipeline"),
    "Proposal/Price Quote": (65, "Best Case"),
    "Negotiation/Review": (85, "Commit"),
    "Closed Won": (100, "Closed"),
    "Closed Lost": (0, "Omitted"),
}
OPEN_STAGES = tuple(STAGES)[:5]
WITHERING_TEAM = "Sales France"
DIVERS = (3, 9, 20, 22)  # staff whose deals surface at the end of a quarter
ROLES = ("Decision Maker", "Economic Buyer", "Evaluator", "Technical Buyer", "Influencer")
ROLE_COVERAGE = (0.12, 0.34)  # share of opportunities with a contact role, first and last export
PATTERNS = {"steady": 66, "quick loss": 12, "pushed": 8, "ghost": 8, "regressed": 6}


@dataclass(frozen=True)
class Step:
    """What the CRM says of an opportunity from this day on."""

    day: date
    stage: str
    amount: int
    close_on: date


@dataclass
class Opportunity:
    number: int
    id: str
    account: Account
    name: str
    product: Product
    owner: Staff
    pattern: str
    created_on: date
    steps: list[Step] = field(default_factory=list)

    def at(self, on: date) -> Step:
        """The state an export of that day shows."""
        return next(step for step in reversed(self.steps) if step.day <= on)


@dataclass(frozen=True)
class ContactRole:
    number: int
    id: str
    opportunity: Opportunity
    contact: Contact
    role: str
    is_primary: bool
    created_on: date


def quarter_end(day: date) -> date:
    """The last day of the quarter."""
    month = (day.month - 1) // 3 * 3 + 4
    return date(day.year + (month > 12), (month - 1) % 12 + 1, 1) - timedelta(days=1)


def opportunities(
    chance: Chance, accounts: list[Account], products: list[Product], taken: list[date]
) -> list[Opportunity]:
    customers = [account for account in accounts if account.product == SALESFORCE and account.gone_on is None]
    found = []
    for number in range(1, OPPORTUNITIES + 1):
        dice = chance.stream("opportunity", number)
        account = customers[int(len(customers) * dice.random() ** 1.5)]
        owner, product = account.owner, dice.choice(products)
        pattern = dice.choices(tuple(PATTERNS), tuple(PATTERNS.values()))[0]
        known_long = account.created_on < taken[-1] - timedelta(days=560)
        if owner.number in DIVERS and known_long and dice.random() < 0.45:
            pattern = "underwater"
        elif owner.team == WITHERING_TEAM and dice.random() < 0.55:
            pattern = "withering"
        created = max(account.created_on, taken[-1] - timedelta(days=dice.randrange(2, 520)))
        amount = int(round(product.price * dice.choice((1, 1, 1, 2, 2, 3, 5, 10)) * dice.uniform(0.85, 1.1), -2))
        name = f"{account.name} {product.name.removeprefix('Norvane ')}"
        deal = Opportunity(
            number, salesforce_id("opportunity", number), account, name, product, owner, pattern, created
        )
        _COURSES[pattern](deal, amount, dice, taken[-1])
        deal.created_on = deal.steps[0].day
        found.append(deal)
    return found


def _steady(deal: Opportunity, amount: int, dice: Random, last: date) -> None:
    """Through the stages in 40 to 220 days, re-planned once when it takes longer than said."""
    length = round(dice.triangular(40, 220, 110))
    planned = deal.created_on + timedelta(days=round(length * dice.uniform(0.75, 1.0)))
    end = deal.created_on + timedelta(days=length)
    won = dice.random() < 0.46
    for place, stage in enumerate(OPEN_STAGES):
        day = deal.created_on + timedelta(days=length * place // len(OPEN_STAGES))
        amount = int(round(amount * dice.uniform(0.95, 1.06), -2))
        deal.steps.append(Step(day, stage, amount, planned if day < planned else end))
    deal.steps.append(Step(end, "Closed Won" if won else "Closed Lost", amount, end))


def _quick_loss(deal: Opportunity, amount: int, dice: Random, last: date) -> None:
    end = deal.created_on + timedelta(days=dice.randrange(5, 45))
    deal.steps.append(Step(deal.created_on, OPEN_STAGES[0], amount, end + timedelta(days=60)))
    deal.steps.append(Step(end, "Closed Lost", amount, end))


def _pushed(deal: Opportunity, amount: int, dice: Random, last: date) -> None:
    """The close date moves whenever it comes near, by a month or two, and then somebody decides."""
    day, close_on = deal.created_on, deal.created_on + timedelta(days=50)
    for place in range(dice.randrange(2, 6)):
        deal.steps.append(Step(day, OPEN_STAGES[min(place + 1, 3)], amount, close_on))
        day, close_on = close_on - timedelta(days=3), close_on + timedelta(days=dice.choice((30, 30, 60)))
    end = day + timedelta(days=20)
    deal.steps.append(Step(end, dice.choice(("Closed Won", "Closed Lost", "Closed Lost")), amount, end))


def _regressed(deal: Opportunity, amount: int, dice: Random, last: date) -> None:
    """Back a stage, then on again."""
    day = deal.created_on
    for place in (0, 1, 2, 3, 1, 2, 3, 4):
        close_on = deal.created_on + timedelta(days=200)
        deal.steps.append(Step(day, OPEN_STAGES[place], amount, close_on))
        day += timedelta(days=dice.randrange(14, 32))
    deal.steps.append(Step(day, dice.choice(("Closed Won", "Closed Lost")), amount, day))


def _ghost(deal: Opportunity, amount: int, dice: Random, last: date) -> None:
    """Never worked on; only its close date moves, month by month."""
    day = deal.created_on
    while day <= last:
        deal.steps.append(Step(day, "Qualification", amount, day + timedelta(days=45)))
        day += timedelta(days=30)


def _underwater(deal: Opportunity, amount: int, dice: Random, last: date) -> None:
    """Unknown until the last days of a quarter, then won at once; the account was visited long before."""
    end = quarter_end(deal.created_on)
    if end > last:
        end = quarter_end(date(last.year - (last.month <= 3), (last.month - 4) % 12 + 1, 1))
    won = end - timedelta(days=dice.randrange(1, 9))
    seen = won - timedelta(days=dice.randrange(1, 5))
    deal.steps.append(Step(seen, "Negotiation/Review", amount, won))
    deal.steps.append(Step(won, "Closed Won", amount, won))


def _withering(deal: Opportunity, amount: int, dice: Random, last: date) -> None:
    """Promised for each quarter's end, then pushed into the next and a sixth smaller."""
    day = deal.created_on
    for _ in range(4):
        deal.steps.append(Step(day, "Proposal/Price Quote", amount, quarter_end(day)))
        day = quarter_end(day) - timedelta(days=dice.randrange(4, 15))
        day, amount = day, int(round(amount * 0.84, -2))
        deal.steps.append(Step(day, "Proposal/Price Quote", amount, quarter_end(quarter_end(day) + timedelta(days=1))))
        day = quarter_end(day) + timedelta(days=1)
    deal.steps.append(Step(day, "Closed Lost", amount, day))


_COURSES = {
    "steady": _steady, "quick loss": _quick_loss, "pushed": _pushed, "regressed": _regressed, "ghost": _ghost,
    "underwater": _underwater, "withering": _withering,
}  # fmt: skip


def contact_roles(
    chance: Chance, deals: list[Opportunity], contacts: list[Contact], taken: list[date]
) -> list[ContactRole]:
    """Blank for most opportunities; people begin to fill them in from export to export."""
    at_account: dict[int, list[Contact]] = {}
    for contact in contacts:
        at_account.setdefault(contact.account.number, []).append(contact)
    first, last = ROLE_COVERAGE
    found: list[ContactRole] = []
    for deal in deals:
        people = at_account.get(deal.account.number)
        share = chance.share("has a role", deal.number)
        if not people or share >= last:
            continue
        due = deal.created_on + timedelta(days=7)
        if share >= first:
            due = max(due, taken[0] + (taken[-1] - taken[0]) * ((share - first) / (last - first)))
        dice = chance.stream("role", deal.number)
        for place, contact in enumerate(dice.sample(people, min(len(people), dice.choice((1, 1, 2))))):
            number = len(found) + 1
            role = dice.choice(ROLES)
            found.append(
                ContactRole(
                    number,
                    salesforce_id("contact_role", number),
                    deal,
                    contact,
                    role,
                    place == 0,
                    max(due, contact.created_on),
                )
            )
    return found
