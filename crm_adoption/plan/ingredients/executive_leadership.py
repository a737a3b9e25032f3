"""2 Executive Leadership."""

from crm_adoption.plan.ingredients.base import Check, Declared, Unit

INGREDIENT = Declared(
    slug="executive-leadership",
    order=2,
    name="Executive Leadership",
    meaning="A top-down strategy involves more than management, it requires leadership: leaders help employees see "
    "where CRM fits into strategy and direction, and give meaning to what employees contribute.",
    sources=(
        ("P11", "Getting the buy-in of end-users is critical, and top-down means leadership, not only management."),
        ("P13", "Are you a customer-centred organisation? Does CRM help you create raving fans?"),
        ("P15", "Plan to have leaders communicate at planning, during deployment and in company-wide events."),
        ("P16", "Include leaders in recognising individuals and celebrating successes."),
    ),
    checks=(
        Check(
            "leadership.days-since-act", "Days since a leader last acted", 45, 10, Unit.DAYS,
            "Days since a leader did something for CRM that people could see.",
            "Record what leaders do: money named, people lent, a review run from the system.",
        ),
        Check(
            "leadership.moments", "Leaders heard at each moment", 0.33, 1.0, Unit.SHARE,
            "Leaders who spoke at planning, during deployment and company-wide, of all leaders times three.",
            "Record the messages of leaders with their moment.", fresh_days=120,
        ),
        Check(
            "leadership.promises-kept", "Promises kept", 0.5, 1.0, Unit.SHARE,
            "Promises whose day has come and whose check says kept.",
            "Mark a sentence of a message as a promise, with its check and its day.", fresh_days=120,
        ),
        Check(
            "leadership.recognitions", "Recognitions by leaders in 28 days", 0, 4, Unit.COUNT,
            "How often leaders thanked somebody for what they contributed to.",
            "Record whom leaders recognised and what it contributed to.",
        ),
        Check(
            "leadership.leaders-use-it", "People say that leaders use it", 2.5, 4.2, Unit.SCORE,
            "Mean answer to the pulse question whether leaders use the CRM themselves, from five answers on.",
            "Ask the pulse question about leaders.", fresh_days=100,
        ),
    ),
)  # fmt: skip
