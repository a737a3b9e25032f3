"""5 Accessibility: how people reach the CRM."""

from crm_adoption.plan.ingredients.base import Check, Declared, Unit

INGREDIENT = Declared(
    slug="accessibility",
    order=5,
    name="Accessibility",
    meaning="Plan how users will reach the system and remove every roadblock, so that access is quick and easy: give "
    "them no reason not to use CRM.",
    sources=(
        ("P31", "Give users no reason not to use CRM because it is hard to reach or takes several steps."),
        ("P32", "Using CRM inside the mail program is a key factor."),
        ("P35", "People on the road who wait until they are back at the office put less in."),
        ("P36", "Where a way in is prohibited for security, tell users so."),
    ),
    checks=(
        Check(
            "access.open-paths", "Roles with an open way in", 0.6, 1.0, Unit.SHARE,
            "Job roles that can reach the CRM on every device they need.",
            "Record the ways in of each job role: device, network, state.", fresh_days=100,
        ),
        Check(
            "access.steps", "Steps to the first useful screen", 8, 3, Unit.COUNT,
            "The most steps any role takes to its first useful screen.",
            "Count the steps of each way in.", fresh_days=100,
        ),
        Check(
            "access.capture-lag", "Hours until it is written down", 48, 4, Unit.HOURS,
            "Median hours from a visit or call to its record.",
            "Import activities with the day they happened and the moment they were written.",
        ),
        Check(
            "access.roadblocks", "Open roadblocks", 10, 0, Unit.COUNT,
            "What people say keeps them out and nobody has removed.",
            "Record roadblocks that people report.",
        ),
    ),
)  # fmt: skip
