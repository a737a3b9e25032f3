"""What the sample company can do with its CRM, what its people want to get done, and what they keep beside it."""

from __future__ import annotations

from typing import Any

SELLER, LEAD, SERVICE = "Account manager", "Team lead", "Service engineer"
ADD_IN, BROWSER, APP = "Outlook add-in", "Web", "Mobile app"  # what the log calls each client
DEAL, CASE, VISIT, CONTACT = "accounts.opportunity", "accounts.case", "accounts.activity", "contacts.contact"

# share: who ever took it up; rate: days in a week on which they use it; begins and fades: days ago
CAPABILITIES: list[dict[str, Any]] = [
    {"code": "deals", "name": "Keep opportunities", "kind": "input", "value": 5, "roles": (SELLER, LEAD),
     "tables": [DEAL], "derived": "changed", "fields": [],
     "summary": "Deals are written down and moved on where everybody sees them.",
     "share": 0.85, "rate": 1.6, "begins": 360},
    {"code": "visits", "name": "Note visits and calls", "kind": "input", "value": 4, "roles": (SELLER, LEAD, SERVICE),
     "tables": [VISIT], "derived": "created", "summary": "What was said, on the day it was said.",
     "share": 0.7, "rate": 1.3, "begins": 360},
    {"code": "cases", "name": "Solve cases", "kind": "input", "value": 5, "roles": (SERVICE,),
     "tables": [CASE], "derived": "changed", "summary": "A case from the call to its cause.",
     "share": 0.9, "rate": 1.9, "begins": 360},
    {"code": "contacts", "name": "Keep contacts", "kind": "input", "value": 3, "roles": (SELLER, SERVICE),
     "tables": [CONTACT], "derived": "changed", "summary": "Who is who at a customer.",
     "share": 0.6, "rate": 0.5, "begins": 360},
    {"code": "quote", "name": "Quotation from the deal", "kind": "automation", "value": 5, "roles": (SELLER, LEAD),
     "summary": "Prices and addresses come from the CRM.", "aliases": ["Quote generated"],
     "share": 0.65, "rate": 1.1, "begins": 190},
    {"code": "reminders", "name": "Reminders before a deal goes cold", "kind": "automation", "value": 3,
     "roles": (SELLER,), "summary": "The CRM says who has not been called for six weeks.",
     "share": 0.35, "rate": 1.2, "begins": 150},
    {"code": "routing", "name": "Cases to the next free engineer", "kind": "automation", "value": 4,
     "roles": (SERVICE,), "summary": "Nobody deals out cases by hand.", "share": 0.3, "rate": 1.5, "begins": 120},
    {"code": "routes", "name": "Route of the day", "kind": "automation", "value": 2, "roles": (SELLER, SERVICE),
     "summary": "Visits in the order of the road, on the phone.", "aliases": ["Route planner"],
     "share": 0.75, "rate": 1.5, "begins": 330, "fades": 190},
    {"code": "pipeline-report", "name": "Pipeline of the quarter", "kind": "information", "value": 4,
     "roles": (SELLER, LEAD), "summary": "What will come, by team and month.", "aliases": ["Report: pipeline"],
     "share": 0.25, "rate": 0.6, "begins": 300},
    {"code": "customer-view", "name": "Everything about a customer", "kind": "information", "value": 5,
     "roles": (SELLER, LEAD, SERVICE), "summary": "Deals, cases, visits and people on one page.",
     "share": 0.3, "rate": 1.2, "begins": 280},
    {"code": "causes-report", "name": "Causes that repeat", "kind": "information", "value": 3, "roles": (SERVICE, LEAD),
     "summary": "Which faults come back, and in which instrument.", "share": 0.0, "rate": 0.0, "begins": 0},
]  # fmt: skip
USE_CASES: list[dict[str, Any]] = [
    {"role": SELLER, "name": "Write a quotation", "capability": "quote", "per_28_days": 8, "priority": 5,
     "goal": "An offer goes out on the day it is asked for.", "learned_from": "Six account managers, a morning each",
     "ideal_clicks": 7, "actual_clicks": 16, "inputs": 12, "prefilled": 7, "minutes": 6, "serves": (SELLER, LEAD),
     "dimensions": ["role", "recent", "settings"], "seconds_target": 240,
     "elements": [("Price list of the customer", 5, True), ("Last offer", 4, True), ("Who decides", 4, False)]},
    {"role": SELLER, "name": "Note a visit", "capability": "visits", "per_28_days": 16, "priority": 4,
     "goal": "The note is made before the car starts.", "learned_from": "Two days on the road with the DACH team",
     "ideal_clicks": 4, "actual_clicks": 9, "inputs": 6, "prefilled": 2, "minutes": 4, "serves": (LEAD, SERVICE),
     "dimensions": ["device", "recent"],
     "elements": [("Contact met", 5, True), ("Next step", 5, True), ("Open cases", 3, False)]},
    {"role": SELLER, "name": "Keep the forecast", "capability": "deals", "per_28_days": 8, "priority": 3,
     "goal": "Amount and day are true on Monday.", "learned_from": "", "ideal_clicks": 5, "actual_clicks": 8,
     "inputs": 8, "prefilled": 3, "minutes": 5, "serves": (LEAD,), "dimensions": ["role"],
     "elements": [("Amount", 4, True), ("Likely day", 4, True), ("What changed since last week", 5, False)]},
    {"role": LEAD, "name": "Review the pipeline", "capability": "pipeline-report", "per_28_days": 6, "priority": 5,
     "goal": "Talk about five deals, not about figures.", "learned_from": "Three team leads, one review each",
     "ideal_clicks": 3, "actual_clicks": 6, "inputs": 0, "prefilled": 0, "dimensions": ["role", "segment"],
     "elements": [("Deals that moved", 5, True), ("Deals that stand still", 5, True)]},
    {"role": SERVICE, "name": "Solve a case", "capability": "cases", "per_28_days": 16, "priority": 5,
     "goal": "The instrument runs again, and the cause is known.", "learned_from": "Service meeting, nine people",
     "ideal_clicks": 6, "actual_clicks": 11, "inputs": 9, "prefilled": 4, "minutes": 5, "serves": (SERVICE, LEAD),
     "dimensions": ["role", "device", "recent"],
     "elements": [("History of the instrument", 5, True), ("What sales promised", 4, False)]},
    {"role": SERVICE, "name": "Note a repair on site", "capability": "visits", "per_28_days": 12, "priority": 3,
     "goal": "It is written down where it was done.", "learned_from": "Service meeting, nine people",
     "ideal_clicks": 4, "actual_clicks": 10, "inputs": 8, "prefilled": 1, "minutes": 6, "serves": (LEAD,),
     "dimensions": ["device"], "elements": [("Parts used", 4, True), ("Photograph", 3, False)]},
]  # fmt: skip
RELEASES: list[dict[str, Any]] = [
    {"release": "first-release", "name": "Quotations and cases", "ago": 50, "settle": True, "entries": [
        {"use_case": "Write a quotation", "clicks_removed": 6, "fields_removed": 3, "note": "Address and prices come."},
        {"use_case": "Solve a case", "clicks_removed": 2, "clicks_added": 1, "fields_added": 1, "note": "The cause."},
    ], "why": "The cause of a case repays itself when it repeats."},
    {"release": "second-release", "name": "Prices in the quotation", "ago": -24, "settle": False, "entries": [
        {"use_case": "Write a quotation", "clicks_removed": 3, "note": "The price is checked with one click."},
    ]},
    {"release": "forecast-fields", "name": "Three more fields of the forecast", "ago": -60,
     "settle": False, "entries": [
        {"use_case": "Keep the forecast", "clicks_added": 2, "fields_added": 3, "note": "Asked for by finance."},
    ]},
]  # fmt: skip
SHADOWS: list[dict[str, Any]] = [
    {"name": "Demo instruments.xlsx", "team": "Sales DACH", "table": CONTACT, "state": "understood", "ago": 40,
     "why": "Who has which instrument on loan, sorted by the day it comes back; the CRM has no such list."},
    {"name": "Weekly sheet of the team", "team": "Sales France", "table": DEAL, "state": "migrating", "ago": 95,
     "why": "The review was held on it before the pipeline report."},
    {"name": "Cases by car", "team": "Service and Applications", "table": CASE, "state": "found", "ago": 12, "why": ""},
    {"name": "Birthday list", "team": "Sales UK and US", "table": CONTACT, "state": "retired", "ago": 200,
     "why": "Cards at the end of the year.", "because": "Birthdays stand on the contact card now; the file is gone."},
]  # fmt: skip
LINES: list[dict[str, Any]] = [
    {"kind": "cost", "line": "project", "name": "Programme team", "amount": 96_000},
    {"kind": "cost", "line": "licences", "name": "Licences", "amount": 54_000},
    {"kind": "gain", "line": "training", "name": "Fewer days of training for new people", "amount": 21_000,
     "check": "training.completion", "note": "Three days each less, by the trainer's list."},
    {"kind": "gain", "line": "support", "name": "Fewer calls to the help desk", "amount": 34_000,
     "check": "data.health", "note": "Calls about wrong records, at 25 minutes a call."},
    {"kind": "gain", "line": "guides", "name": "Two guides that nobody writes any more", "amount": 12_000},
    {"kind": "gain", "line": "documentation", "name": "Addresses not typed twice", "amount": 48_000,
     "check": "data.tables-passing", "note": "Corrected by hand before, by two people for half a day a week."},
]  # fmt: skip
WAYS_OUT = [
    ("deceased", "A colleague or the family tells us.", "archive"),
    ("left", "Two mails came back, or the successor says so.", "deactivate"),
    ("organisation_closed", "The account is closed in the register of companies.", "archive"),
    ("unqualified_lead", "No budget and no need after two calls.", "archive"),
]
