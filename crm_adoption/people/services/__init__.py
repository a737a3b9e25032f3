"""What may change about people."""

from crm_adoption.people.services.accounts import (
    change_email,
    change_groups,
    deactivate_person,
    require_another_lead,
    update_profile,
)
from crm_adoption.people.services.filters import (
    clear_default_filter,
    delete_filter,
    rename_filter,
    save_filter,
    set_default_filter,
)
from crm_adoption.people.services.invitations import (
    accept_invitation,
    invite_person,
    resend_invitation,
    revoke_invitation,
    send_invitation,
)
from crm_adoption.people.services.looks import forget_looks, note_looks
from crm_adoption.people.services.seats import answer_for, fill_seat, open_seat, rename_place, vacate_seat
from crm_adoption.people.services.tokens import make_token, revoke_token

__all__ = [
    "accept_invitation",
    "answer_for",
    "change_email",
    "change_groups",
    "clear_default_filter",
    "deactivate_person",
    "delete_filter",
    "fill_seat",
    "forget_looks",
    "invite_person",
    "make_token",
    "note_looks",
    "open_seat",
    "rename_filter",
    "rename_place",
    "require_another_lead",
    "resend_invitation",
    "revoke_invitation",
    "revoke_token",
    "save_filter",
    "send_invitation",
    "set_default_filter",
    "update_profile",
    "vacate_seat",
]
