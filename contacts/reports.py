"""The report on contact roles: the pointer that is blank in four CRMs out of five (T11)."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from contacts.queries import Coverage, coverage, coverage_by_team, coverage_of
from crm_adoption.people.models import Person
from dataquality.models import Source
from dataquality.queries.batches import taken_at
from dataquality.reports import Figure, Footprint, Line, Report, ReportFigures, declare

DEALS, ROLES = "accounts.opportunity", "contacts.contactrole"
FEWEST = 5  # people in a group whose figure others may see


def draw_coverage(*, source: Source | None = None, reader: Person | None = None) -> ReportFigures:
    """The share of open deals with a contact role: of all, of each team of five or more, and of the reader's own."""
    whole = coverage(source)
    groups = [Coverage(_("All"), 0, whole.deals, whole.covered), *_shown(coverage_by_team(source))]
    if reader is not None and (own := coverage_of(reader, source)).deals:
        groups.append(Coverage(_("You"), 1, own.deals, own.covered))
    names = [group.name for group in groups]
    figures = [
        Figure(
            title=_("Open deals with a contact role"),
            head=_("Team"),
            categories=names,
            lines=[Line(_("Share"), [group.rate for group in groups])],
            n=whole.deals,
            unit="%",
        ),
        Figure(
            title=_("Open deals behind these shares"),
            head=_("Team"),
            categories=names,
            lines=[
                Line(_("Open deals"), [group.deals for group in groups]),
                Line(_("With a contact role"), [group.covered for group in groups]),
            ],
            n=whole.deals,
        ),
    ]
    return ReportFigures(figures, whole.deals, taken_at([DEALS, ROLES], source))


def _shown(teams: Sequence[Coverage]) -> list[Coverage]:
    """Teams of five owners or more; smaller ones are added up, and told of only if together they are five.

    One small team beside a total could be found by subtraction, so the smallest large team joins a rest of fewer
    than five.
    """
    large = sorted((team for team in teams if team.people >= FEWEST), key=lambda team: -team.people)
    rest = [team for team in teams if team.people < FEWEST]
    while rest and large and sum(team.people for team in rest) < FEWEST:
        rest.append(large.pop())
    shown = sorted(large, key=lambda team: team.name.casefold())
    named = [Coverage(team.name or _("no team"), team.people, team.deals, team.covered) for team in shown]
    together = Coverage(
        _("Other teams"), sum(team.people for team in rest), sum(t.deals for t in rest), sum(t.covered for t in rest)
    )
    return [*named, together] if together.people >= FEWEST else named


declare(
    Report(
        slug="contact-role-coverage",
        title="Contact-role coverage",
        question="On how many open deals do we know who of the customer plays which part?",
        footprint=Footprint(
            tables=(DEALS, ROLES),
            fields=(f"{DEALS}.stage",),
            pointers=(f"{DEALS}.owner", f"{ROLES}.contact", f"{ROLES}.about"),
        ),
        figures=draw_coverage,
        leaves_out="Won and lost deals; roles on accounts and cases; teams in which fewer than five people own deals.",
    )
)
