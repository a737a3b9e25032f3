"""The only way in: a letter, a link, a password."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from crm_adoption.kit.errors import Refusal
from crm_adoption.people import services
from crm_adoption.people.models import Invitation, Person
from tests import make
from tests.people.conftest import PASSWORD

pytestmark = pytest.mark.django_db
STRONG = "nine quiet herons wade"
GUEST = {"name": "Gita Guest", "email": "Gita@Company.example", "groups": ["trainer", "champion"]}


def invite(client, lead, **more):
    client.force_login(lead)
    answer = client.post("/people/invite/", GUEST | more)
    client.logout()
    return answer


def link_in(letter) -> str:
    (link,) = re.findall(r"http://testserver(/people/invitation/\S+)", letter.body)
    return str(link)


def test_a_lead_invites_and_the_guest_chooses_a_password_and_signs_in(client, lead, sign_in):
    invite(client, lead)
    [letter] = mail.outbox
    guest = Person.objects.get(email="gita@company.example")
    before = (guest.state, guest.has_usable_password())
    link = link_in(letter)

    welcome = client.get(link)
    accepted = client.post(link, {"password": STRONG, "again": STRONG})

    guest.refresh_from_db()
    assert before == ("invited", False)
    assert letter.to == ["gita@company.example"]
    assert letter.subject == "Lena Lead invites you to crm_adoption"
    assert "Welcome, Gita Guest" in welcome.content.decode()
    assert accepted.headers["Location"] == "/sign-in/"
    assert guest.state == "active"
    assert guest.group_names == {"trainer", "champion"}
    assert sign_in(guest, STRONG).status_code == 302
    assert client.get("/people/profile/").status_code == 200


def test_the_link_works_once(client, lead):
    invite(client, lead)
    link = link_in(mail.outbox[0])
    client.post(link, {"password": STRONG, "again": STRONG})

    again = client.post(link, {"password": "another long password", "again": "another long password"})

    assert again.status_code == 410
    assert Person.objects.get(email="gita@company.example").check_password(STRONG)


def test_opening_the_link_changes_nothing_so_a_mail_scanner_does_no_harm(client, lead):
    invite(client, lead)
    link = link_in(mail.outbox[0])

    assert [client.get(link).status_code for _ in range(3)] == [200, 200, 200]
    assert client.post(link, {"password": STRONG, "again": STRONG}).status_code == 302


def test_the_link_ends_after_seven_days(client, lead):
    invite(client, lead)
    open_one = Invitation.objects.get()
    link = link_in(mail.outbox[0])
    lasted = open_one.expires_at - timezone.now()
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    answer = client.post(link, {"password": STRONG, "again": STRONG})

    assert timedelta(days=6, hours=23) < lasted <= timedelta(days=7)
    assert answer.status_code == 410
    assert not Person.objects.get(email="gita@company.example").is_active


@pytest.mark.parametrize("key", ["MQ:abc", "x", "MQ", "%00", "a" * 500, "%F0%9F%8E%89"])
def test_a_link_we_did_not_sign_opens_nothing(client, key):
    make.invitation()

    assert client.get(f"/people/invitation/{key}/").status_code == 410


def test_sending_again_takes_the_first_link_back(client, lead):
    invite(client, lead)
    client.force_login(lead)
    client.post(f"/people/invitations/{Invitation.objects.get().pk}/resend/")
    client.logout()
    first, second = [link_in(letter) for letter in mail.outbox]

    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200


def test_an_invitation_taken_back_opens_nothing(client, lead):
    invite(client, lead)
    client.force_login(lead)

    taken = client.post(f"/people/invitations/{Invitation.objects.get().pk}/revoke/", follow=True)
    again = client.post(f"/people/invitations/{Invitation.objects.get().pk}/revoke/")
    client.logout()

    assert "taken back" in taken.content.decode()
    assert again.status_code == 409
    assert client.get(link_in(mail.outbox[0])).status_code == 410


def test_a_weak_password_is_refused_in_a_sentence_and_the_link_stays(client, lead):
    invite(client, lead)
    link = link_in(mail.outbox[0])

    short = client.post(link, {"password": "short", "again": "short"})
    own_name = client.post(link, {"password": "gita@company.example", "again": "gita@company.example"})
    different = client.post(link, {"password": STRONG, "again": STRONG + "!"})

    assert short.status_code == own_name.status_code == different.status_code == 422
    assert "at least 12 characters" in short.content.decode()
    assert "too similar" in own_name.content.decode()
    assert "The two passwords differ" in different.content.decode()
    assert client.post(link, {"password": STRONG, "again": STRONG}).status_code == 302


def test_somebody_who_can_sign_in_is_not_invited_again(client, lead):
    make.person(email="gita@company.example", password=PASSWORD)

    answer = invite(client, lead)

    assert answer.status_code == 422
    assert "can sign in already" in answer.content.decode()
    assert mail.outbox == []


def test_somebody_the_crm_named_keeps_their_record_when_invited(lead):
    agent = Person.objects.create_user("agent@company.example", name="Darcel S.", team=make.team())

    made = services.invite_person(
        email="Agent@company.example", name="Darcel Schlecht", groups=["end-user"], by=lead, now=timezone.now()
    )

    assert made.person == agent
    assert (made.person.name, made.person.team) == ("Darcel Schlecht", agent.team)


def test_a_line_break_in_a_name_does_not_reach_the_head_of_the_letter(client, lead):
    Person.objects.filter(pk=lead.pk).update(name="Lena\nBcc: all@company.example")

    invite(client, Person.objects.get(pk=lead.pk))

    assert "\n" not in mail.outbox[0].subject
    assert mail.outbox[0].recipients() == ["gita@company.example"]


def test_a_dead_mail_server_is_said_and_the_invitation_stands(client, lead, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # the discard port: nothing listens

    client.force_login(lead)
    answer = client.post("/people/invite/", GUEST, follow=True)

    assert "could not be sent" in answer.content.decode()
    assert Invitation.objects.open().count() == 1


def test_two_acceptances_of_one_link_cannot_both_win(lead):
    made = make.invitation()
    copy = Invitation.objects.get(pk=made.pk)
    services.accept_invitation(made, password=STRONG, now=timezone.now())

    with pytest.raises(Refusal, match="used, taken back or replaced"):
        services.accept_invitation(copy, password="another long password", now=timezone.now())
