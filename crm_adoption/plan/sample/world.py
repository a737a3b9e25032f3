"""The sample world on one day: every table as rows with names of our own, before any CRM writes them its way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from crm_adoption.plan.sample import company, customers, deals, leads, service, words
from crm_adoption.plan.sample.chance import Chance
from crm_adoption.plan.sample.deals import ContactRole, Opportunity
from crm_adoption.plan.sample.faults import Row
from crm_adoption.plan.sample.leads import Lead

MONTHS = 6


def export_days(today: date) -> list[date]:
    """One day in each of the six months that end with today's; never later than today."""
    months = [today.year * 12 + today.month - 1 - back for back in range(MONTHS - 1, -1, -1)]
    return [date(month // 12, month % 12 + 1, min(today.day, 28)) for month in months]


@dataclass
class World:
    taken: list[date]
    staff: list[company.Staff]
    products: list[company.Product]
    accounts: list[customers.Account]
    contacts: list[customers.Contact]
    leads: list[Lead]
    deals: list[Opportunity]
    roles: list[ContactRole]
    cases: list[service.Case]
    activities: list[service.Activity]


def build(chance: Chance, today: date) -> World:
    """Everything that happened until today."""
    taken = export_days(today)
    staff, products = company.staff(chance, taken[0]), company.products()
    accounts = customers.accounts(chance, staff, taken)
    contacts = customers.contacts(chance, accounts, taken)
    asked = leads.leads(chance, staff, contacts, taken)
    opportunities = deals.opportunities(chance, accounts, products, taken)
    roles = deals.contact_roles(chance, opportunities, contacts, taken)
    cases = service.cases(chance, accounts, contacts, staff, taken[-1])
    activities = service.activities(chance, accounts, contacts, opportunities, cases, taken[-1])
    return World(taken, staff, products, accounts, contacts, asked, opportunities, roles, cases, activities)


def _at(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour))


def account_rows(world: World, on: date, product: str) -> Iterator[Row]:
    for one in world.accounts:
        if one.product != product or one.created_on > on or (one.gone_on and one.gone_on <= on):
            continue
        country = words.COUNTRY[one.country].name
        owner = one.handed_over[1] if one.handed_over and one.handed_over[0] <= on else one.owner
        yield {
            "id": one.id, "name": one.name, "parent_id": one.parent.id if one.parent else "",
            "parent_name": one.parent.name if one.parent else "", "website": f"https://www.{one.domain}",
            "domain": one.domain, "phone": one.phone, "street": one.street, "city": one.city, "state": one.state,
            "postcode": one.postcode, "country": country, "industry": one.industry, "employees": one.employees,
            "revenue": one.revenue, "owner_id": owner.id, "owner": owner.name, "created": _at(one.created_on),
            "modified": _at(min(one.modified_on, on) if one.modified_on >= one.created_on else one.created_on),
        }  # fmt: skip


def contact_rows(world: World, on: date, product: str) -> Iterator[Row]:
    for one in world.contacts:
        if one.product != product or one.created_on > on:
            continue
        home = one.account
        yield {
            "id": one.id, "given": one.given, "family": one.family, "account_id": home.id, "account_name": home.name,
            "email": one.email, "phone": one.phone, "mobile": one.mobile, "title": one.title,
            "department": one.department, "street": one.street, "city": home.city, "state": home.state,
            "postcode": home.postcode, "country": words.COUNTRY[home.country].name, "owner_id": one.owner.id,
            "owner": one.owner.name, "created": _at(one.created_on, 10), "modified": _at(min(one.modified_on, on), 10),
            "left": bool(one.left_on and one.left_on <= on),
        }  # fmt: skip


def opportunity_rows(world: World, on: date) -> Iterator[Row]:
    for one in world.deals:
        if one.created_on > on:
            continue
        step = one.at(on)
        probability, forecast = deals.STAGES[step.stage]
        yield {
            "id": one.id, "account_id": one.account.id, "name": one.name, "product": one.product.name,
            "stage": step.stage, "amount": step.amount, "probability": probability, "forecast": forecast,
            "close_on": step.close_on, "owner_id": one.owner.id, "created": _at(one.created_on, 11),
            "modified": _at(step.day, 11),
        }  # fmt: skip


def role_rows(world: World, on: date) -> Iterator[Row]:
    for one in world.roles:
        if one.created_on <= on:
            yield {
                "id": one.id, "opportunity_id": one.opportunity.id, "contact_id": one.contact.id, "role": one.role,
                "is_primary": one.is_primary, "created": _at(one.created_on), "modified": _at(one.created_on),
            }  # fmt: skip


def case_rows(world: World, on: date) -> Iterator[Row]:
    now = _at(on, 20)
    for one in world.cases:
        if one.opened_at > now:
            continue
        closed = one.closed_at <= now
        steps = [at for at in (one.opened_at, one.worked_at, one.closed_at) if at <= now]
        yield {
            "id": one.id, "number": f"{one.number + 10_400:08d}", "account_id": one.account.id,
            "account_name": one.account.name, "contact_id": one.contact.id if one.contact else "",
            "subject": one.subject, "status": one.status(now), "priority": one.priority, "origin": one.origin,
            "owner": one.owner.name, "created": one.opened_at, "closed_at": one.closed_at if closed else "",
            "modified": steps[-1],
        }  # fmt: skip


def activity_rows(world: World, after: date | None, on: date) -> Iterator[Row]:
    """What was written down since the last export: task exports are increments."""
    for one in world.activities:
        if one.written_at > _at(on, 20) or (after and one.written_at <= _at(after, 20)):
            continue
        about = one.opportunity or one.case or one.account
        yield {
            "id": one.id, "kind": one.kind, "subject": one.subject, "regarding_id": about.id,
            "who_id": one.contact.id if one.contact else "", "owner_id": one.owner.id, "happened_on": one.happened_on,
            "minutes": one.minutes, "created": one.written_at, "modified": one.written_at,
        }  # fmt: skip


def lead_rows(world: World, on: date) -> Iterator[Row]:
    for one in world.leads:
        if one.created_on <= on:
            yield {
                "id": one.id, "given": one.given, "family": one.family, "company": one.company, "email": one.email,
                "phone": one.phone, "city": one.city, "country": words.COUNTRY[one.country].name,
                "origin": one.origin, "rating": one.rating, "status": one.status(on), "owner": one.owner.name,
                "created": _at(one.created_on, 12),
                "modified": _at(max(day for day, _ in one.steps if day <= on), 12),
            }  # fmt: skip


def user_rows(world: World, on: date, product: str, chance: Chance) -> Iterator[Row]:
    for one in world.staff:
        if one.started_on <= on:
            left = bool(one.left_on and one.left_on <= on)
            changed = one.left_on if left and one.left_on else one.started_on
            yield {
                "id": customers.identity(product, "user", one.number, chance), "given": one.given,
                "family": one.family, "name": one.name, "email": one.email, "title": one.title,
                "department": one.team, "manager_id": one.manager_id, "active": not left,
                "created": _at(one.started_on), "modified": _at(changed),
            }  # fmt: skip


def product_rows(world: World, month: int) -> Iterator[Row]:
    for one in world.products:
        if one.since <= month:
            yield {
                "id": one.id, "name": one.name, "code": one.code, "family": one.family, "price": one.price_in(month),
            }  # fmt: skip
