"""Pages about people."""

from crm_adoption.people.views.invitations import accept_invitation, invite, resend_invitation, revoke_invitation
from crm_adoption.people.views.looks import look_counts, who_looked
from crm_adoption.people.views.own import profile, revoke_token, tokens
from crm_adoption.people.views.persons import change_groups, deactivate_person, people_list, person
from crm_adoption.people.views.seats import fill_seat, open_seat, seat, seats

__all__ = [
    "accept_invitation",
    "change_groups",
    "deactivate_person",
    "fill_seat",
    "invite",
    "look_counts",
    "open_seat",
    "people_list",
    "person",
    "profile",
    "resend_invitation",
    "revoke_invitation",
    "revoke_token",
    "seat",
    "seats",
    "tokens",
    "who_looked",
]
