"""10 Training and Reinforcement."""

from crm_adoption.plan.ingredients.base import Check, Declared, Unit

INGREDIENT: Declared = Declared(
    slug="training-reinforcement",
    order=10,
    name="Training and Reinforcement",
    meaning="Training is one part, role-based: basic navigation together, then by job role. How the process will "
    "change is more than half of what is learned, and reinforcement keeps it.",
    sources=(
        ("P58", "Most people think of training first; it is one part of ten."),
        ("P59", "Role-based: basic navigation together, then by job role."),
        ("P60", "How the process will change is more than 50 % of what is learned; that raises retention."),
    ),
    checks=(
        Check(
            "training.completion", "Curricula completed", 0.5, 0.95, Unit.SHARE,
            "Courses completed of those that people's job roles ask for.",
            "Record courses, sessions and completions.",
        ),
        Check(
            "training.process-share", "Minutes about the process", 0.3, 0.6, Unit.SHARE,
            "Minutes about how work changes, of all minutes in a role's curriculum; under half always warns.",
            "Record the minutes of each course about process and about the tool.", fresh_days=370,
        ),
        Check(
            "training.reinforced", "Reinforced in time", 0.0, 0.8, Unit.SHARE,
            "People who had a reinforcement 21 to 42 days after their training.",
            "Record follow-up sessions.", fresh_days=100,
        ),
        Check(
            "training.retention", "What is still known", 0.5, 0.9, Unit.SHARE,
            "Score weeks later, divided by the score on the last day.",
            "Record exit and follow-up scores.", fresh_days=120,
        ),
        Check(
            "training.not-doing", "Trained but not doing", 0.5, 0.1, Unit.SHARE,
            "Trained people whose role's core use cases do not show in the usage.",
            "Import usage beside completions.",
        ),
    ),
)  # fmt: skip
