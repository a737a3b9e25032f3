"""What the sample company says of its work, its courses and its questions."""

from __future__ import annotations

from typing import Any

SELLER, LEAD, SERVICE = "Account manager", "Team lead", "Service engineer"
TRAINER_ROLE = "Trainer"

PROCESSES: dict[str, dict[str, Any]] = {
    "Write a quotation": {
        "owner": LEAD,
        "steps": ["Open the deal", "Choose the instruments", "Name who decides", "Send it from the CRM"],
        "before": "A quotation was written in Word and filed on a share that only its author searched.",
        "after": "A quotation is written from the deal; prices and addresses come from the CRM.",
        "why": "Whoever picks up the phone sees what was offered, and nobody types an address twice.",
    },
    "Look after a laboratory": {
        "owner": LEAD,
        "steps": ["Note the visit the same day", "Name the contact and the role", "Agree the next step"],
        "before": "Notes stayed in the notebook of whoever visited.",
        "after": "A visit is noted with its contact and their role before the car starts.",
        "why": "Service and sales serve the same people; what one hears the other needs.",
    },
    "Solve a service case": {
        "owner": SERVICE,
        "steps": ["Take the case", "Note what was done when it was done", "Close it with the cause"],
        "before": "Cases were closed in the evening from memory.",
        "after": "Each step is noted when it happens, with the cause at the end.",
        "why": "Causes that repeat become changes of the instrument, and the evening is free.",
    },
}
CHANGED: dict[str, Any] = {  # the quotation changes once more, after people were trained on it
    "steps": ["Open the deal", "Choose the instruments", "Name who decides", "Check the price with one click",
              "Send it from the CRM"],
    "before": "Prices were checked by telephone.",
    "after": "The price is checked in the quotation with one click.",
    "why": "Waiting for a price was the longest step of a quotation.",
}  # fmt: skip
IMPACTS: list[dict[str, Any]] = [
    {"process": "Write a quotation", "role": SELLER, "size": 4, "gives": "The Word template, and two half days.",
     "gets": "Quotations in ten minutes instead of forty.", "metric": "Minutes for a quotation", "metric_before": 40,
     "metric_after": 10, "outcome": "Answers on the same day", "pay_off": "More deals won a quarter",
     "pay_off_amount": 900, "pay_off_unit": "EUR commission"},
    {"process": "Look after a laboratory", "role": SELLER, "size": 3, "gives": "Notes on the day of the visit.",
     "gets": "What service heard, before the next visit."},
    {"process": "Write a quotation", "role": LEAD, "size": 2, "gives": "The weekly list by mail.",
     "gets": "A pipeline that is true on Monday morning."},
    {"process": "Solve a service case", "role": SERVICE, "size": 3, "gives": "Closing cases in the evening.",
     "gets": "Evenings, and causes that are mended.", "metric": "Minutes a day on reports", "metric_before": 35,
     "metric_after": 10, "outcome": "Fewer repeated cases", "pay_off": "Time of one's own", "pay_off_amount": 2,
     "pay_off_unit": "hours a week"},
]  # fmt: skip
COURSES: list[dict[str, Any]] = [
    {"code": "navigation", "title": "Finding one's way", "kind": "common", "minutes_process": 25, "minutes_tool": 20,
     "summary": "How we work together, and search, lists and records.", "roles": (), "processes": ()},
    {"code": "quotation", "title": "A quotation from the deal", "kind": "role", "minutes_process": 70,
     "minutes_tool": 30, "summary": "How quotations change, and then how to click them.", "roles": (SELLER, LEAD),
     "processes": ("Write a quotation",)},
    {"code": "visit", "title": "A visit that everybody hears of", "kind": "role", "minutes_process": 40,
     "minutes_tool": 15, "summary": "Contacts, roles, next steps.", "roles": (SELLER,),
     "processes": ("Look after a laboratory",)},
    {"code": "case", "title": "A case from call to cause", "kind": "role", "minutes_process": 20, "minutes_tool": 45,
     "summary": "Cases, step by step.", "roles": (SERVICE,), "processes": ("Solve a service case",)},
]  # fmt: skip
QUESTIONS: dict[str, list[tuple[str, list[str]]]] = {  # the right answer stands first
    "quotation": [
        ("Where does a quotation begin?", ["In the deal", "In Word", "In a mail"]),
        ("Who is named on it before it goes out?", ["Who decides at the customer", "The accountant", "Nobody"]),
        ("Where do prices come from?", ["The product in the CRM", "Last year's list", "A colleague"]),
        ("When is a deal lost?", ["When we note why", "When nobody calls", "After a year"]),
    ],
    "case": [
        ("When is a step of a case noted?", ["When it happens", "In the evening", "On Friday"]),
        ("What does closing a case need?", ["Its cause", "A signature", "A phone call"]),
    ],
}
TARGETS = {
    SELLER: {"accounts.opportunity": 2, "accounts.activity": 8},
    LEAD: {"accounts.activity": 6},
    SERVICE: {"accounts.case": 3, "accounts.activity": 8},
}
PROFILES: dict[str, dict[str, Any]] = {
    SELLER: {"use_cases": "Write a quotation\nPrepare a visit\nNote a visit", "manuals": 2, "baseline_days": 120},
    LEAD: {"use_cases": "Plan the quarter\nReview the pipeline", "manuals": 1},
    SERVICE: {"use_cases": "Solve a case\nSee what sales promised", "manuals": 4},
}
ENQUIRIES = [
    ("Where do I note a visit when there is no network?", ""),
    ("Can I still see my old quotations?", "Yes: under the customer, as attachments, for two years."),
]
