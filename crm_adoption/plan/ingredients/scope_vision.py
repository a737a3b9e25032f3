"""1 Scope and Vision."""

from crm_adoption.plan.ingredients.base import Check, Declared, Unit

INGREDIENT = Declared(
    slug="scope-vision",
    order=1,
    name="Scope and Vision",
    meaning="Keep the initial phase as simple as possible, do now what must be done now, and plan later phases that "
    "layer in additional value.",
    sources=(
        ("P6", "Taking on too much is a key point of failure."),
        ("P7", "A system still being built a year after it was designed is built to an outdated design."),
        ("P9", "What is learned during the first phase saves time and money in later ones."),
        ("P10", "As the business changes, small adjustments keep the application in step with the processes."),
    ),
    checks=(
        Check(
            "scope.phase-1-load", "Load of the first phase", 1.5, 1.0, Unit.RATIO,
            "Roles, process changes, capabilities and integrations of the first phase, beside what people can take.",
            "Plan the first phase with the roles, processes and capabilities it touches.", fresh_days=90,
        ),
        Check(
            "scope.design-age", "Age of the design", 365, 90, Unit.DAYS,
            "Days since the design of the phase being built was frozen; at 365 it is stale.",
            "Give the phase being built the day its design was frozen.", fresh_days=35,
        ),
        Check(
            "scope.items-with-purpose", "Work with a role and an objective", 0.5, 1.0, Unit.SHARE,
            "Work items that name whom they serve and what for; the others are technology only.",
            "Record work items with their job role and objective.",
        ),
        Check(
            "scope.lessons", "Lessons per closed phase", 0, 3, Unit.COUNT,
            "Lessons written down when a phase was closed.",
            "Close a phase and write down what it taught.", fresh_days=370,
        ),
    ),
)  # fmt: skip
