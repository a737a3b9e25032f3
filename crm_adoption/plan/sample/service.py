"""Cases of the service team, and what people did: calls, visits, mails, tasks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from crm_adoption.plan.sample import words
from crm_adoption.plan.sample.chance import Chance
from crm_adoption.plan.sample.company import SERVICE, Staff
from crm_adoption.plan.sample.customers import SALESFORCE, Account, Contact
from crm_adoption.plan.sample.deals import Opportunity
from crm_adoption.plan.sample.ids import salesforce_id

CASES = 500
ACTIVITIES = 4_000
PRIORITIES = ("Low", "Medium", "Medium", "High")
SUBJECTS = {
    "call": words.CALL_SUBJECTS,
    "visit": words.VISIT_SUBJECTS,
    "mail": words.MAIL_SUBJECTS,
    "task": words.TASK_SUBJECTS,
}


@dataclass(frozen=True)
class Case:
    number: int
    id: str
    account: Account
    contact: Contact | None
    subject: str
    priority: str
    origin: str
    owner: Staff
    opened_at: datetime
    worked_at: datetime
    closed_at: datetime

    def status(self, at: datetime) -> str:
        if at >= self.closed_at:
            return "Closed"
        return "Working" if at >= self.worked_at else "New"


@dataclass(frozen=True)
class Activity:
    number: int
    id: str
    kind: str
    subject: str
    account: Account
    contact: Contact | None
    opportunity: Opportunity | None
    case: Case | None
    owner: Staff
    happened_on: date
    written_at: datetime
    minutes: int


def cases(
    chance: Chance, accounts: list[Account], contacts: list[Contact], staff: list[Staff], last: date
) -> list[Case]:
    """Opened on working days; a third of them is closed in one go at the end of the day."""
    customers = [
        account
        for account in accounts
        if account.product == SALESFORCE and account.twin_of is None and account.created_on < last - timedelta(days=430)
    ]
    people = _by_account(contacts)
    engineers = [one for one in staff if one.team == SERVICE]
    found = []
    for number in range(1, CASES + 1):
        dice = chance.stream("case", number)
        account = dice.choice(customers)
        opened = datetime.combine(_working_day(last - timedelta(days=dice.randrange(1, 420))), time(8)) + timedelta(
            minutes=dice.randrange(540)
        )
        worked = opened + timedelta(hours=dice.randrange(1, 30))
        closed = worked + timedelta(hours=dice.randrange(2, 24 * 21))
        if dice.random() < 0.35:
            closed = datetime.combine(closed.date(), time(17)) + timedelta(minutes=dice.randrange(20, 59))
            worked = min(worked, closed)
        known = [one for one in people.get(account.number, ()) if one.created_on <= opened.date()]
        found.append(
            Case(
                number, salesforce_id("case", number), account, dice.choice(known) if known else None,
                dice.choice(words.CASE_SUBJECTS), dice.choice(PRIORITIES), dice.choice(("Phone", "Email", "Web")),
                dice.choice(engineers), opened, worked, closed,
            )
        )  # fmt: skip
    return found


def activities(
    chance: Chance, accounts: list[Account], contacts: list[Contact], deals: list[Opportunity], cases: list[Case],
    last: date,
) -> list[Activity]:  # fmt: skip
    """What was done about deals and cases; underwater deals leave visits at an account that has no deal yet."""
    people = _by_account(contacts)
    customers = [account for account in accounts if account.product == SALESFORCE and account.gone_on is None]
    worked = [deal for deal in deals if deal.pattern not in ("ghost", "underwater")]
    hidden = [deal for deal in deals if deal.pattern == "underwater" and deal.created_on <= last]
    found: list[Activity] = []

    def note(kind: str, day: date, account: Account, deal: Opportunity | None, case: Case | None) -> None:
        number = len(found) + 1
        dice = chance.stream("activity", number)
        day = _working_day(day)
        written = datetime.combine(day, time(9)) + timedelta(
            hours=dice.choice((0, 1, 2, 4, 26, 50, 74, 170)), minutes=dice.randrange(60)
        )
        known = [one for one in people.get(account.number, ()) if one.created_on <= day]
        owner = case.owner if case else deal.owner if deal else account.owner
        found.append(
            Activity(
                number, salesforce_id("activity", number), kind, dice.choice(SUBJECTS[kind]), account,
                dice.choice(known) if known else None, deal, case, owner, day, written,
                {"call": 12, "visit": 90, "mail": 8, "task": 25}[kind] * dice.randrange(1, 4),
            )
        )  # fmt: skip

    for deal in hidden:
        dice = chance.stream("before", deal.number)
        for _ in range(dice.randrange(3, 6)):
            note(dice.choice(("visit", "call")), deal.created_on - timedelta(days=dice.randrange(3, 28)),
                 deal.account, None, None)  # fmt: skip
    for case in cases:
        dice = chance.stream("work on", case.number)
        for _ in range(dice.randrange(0, 4)):
            day = min(case.opened_at.date() + timedelta(days=dice.randrange(0, 9)), case.closed_at.date())
            note(dice.choice(("call", "mail", "visit")), day, case.account, None, case)
    tries = 0
    while len(found) < ACTIVITIES:
        tries += 1
        dice = chance.stream("deal work", tries)
        if dice.random() < 0.78:
            deal = dice.choice(worked)
            length = max(2, (deal.steps[-1].day - deal.created_on).days)
            day = deal.created_on + timedelta(days=dice.randrange(length))
            if day <= last:
                note(dice.choice(("call", "mail", "visit", "task")), day, deal.account, deal, None)
        else:
            day = last - timedelta(days=dice.randrange(420))
            account = dice.choice(customers)
            if account.created_on < day:
                note(dice.choice(("call", "mail")), day, account, None, None)
    return found


def _working_day(day: date) -> date:
    """The day itself, or the Friday before a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def _by_account(contacts: list[Contact]) -> dict[int, list[Contact]]:
    found: dict[int, list[Contact]] = {}
    for contact in contacts:
        found.setdefault(contact.account.number, []).append(contact)
    return found
