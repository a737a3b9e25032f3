"""Person, Team, JobRole, Seat, SavedFilter, Invitation, ApiToken, Look."""

from crm_adoption.people.models.filters import SavedFilter
from crm_adoption.people.models.invitations import Invitation
from crm_adoption.people.models.looks import Look
from crm_adoption.people.models.persons import JobRole, Person, PersonManager, PersonQuerySet, Team
from crm_adoption.people.models.seats import Seat
from crm_adoption.people.models.tokens import ApiToken

__all__ = [
    "ApiToken",
    "Invitation",
    "JobRole",
    "Look",
    "Person",
    "PersonManager",
    "PersonQuerySet",
    "SavedFilter",
    "Seat",
    "Team",
]
