"""A message on its way: noted, written to each, and again to whom the mail server missed."""

from __future__ import annotations

from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from crm_adoption.jobs.models import Job
from crm_adoption.jobs.services import run_here, start
from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import JobRole
from crm_adoption.plan import services
from crm_adoption.plan.models import Message
from crm_adoption.plan.queries import communication
from tests import make

pytestmark = pytest.mark.django_db
NOW = timezone.now()
SENT = {"state": "sent", "sent_at": NOW}


class FullMailbox(EmailBackend):
    """Takes every letter but those to a mailbox that is full."""

    def send_messages(self, messages):
        for letter in messages:
            if letter.to[0].endswith("@full.example"):
                raise SMTPRecipientsRefused({letter.to[0]: (552, b"full")})
        return super().send_messages(messages)


def message(**more):
    return Message.objects.create(**{"subject": "Why we do this", "body": "Because.", "moment": "planning"} | more)


def test_a_message_goes_to_its_readers_once_and_says_how_many():
    seller = JobRole.objects.create(name="Seller")
    wanted = {make.person(job_role=seller).email for _ in range(2)}
    make.person()
    make.person(job_role=seller, email=None)
    one = message(audience="role", job_role=seller)

    services.send_message(one, by=make.person(), now=NOW)
    assert mail.outbox == []
    services.deliver(one, now=NOW)

    assert {to for letter in mail.outbox for to in letter.to} == wanted
    one.refresh_from_db()
    assert (one.state, one.reach, one.channel) == ("sent", 2, "mail")
    with pytest.raises(Refusal, match="was sent on"):
        services.send_message(one, by=make.person(), now=NOW)
    services.deliver(one, now=NOW)
    assert len(mail.outbox) == 2


def test_whom_the_mail_server_misses_is_told_and_written_to_again_alone(settings):
    kept, lost = make.person(name="Kept"), make.person(name="Lost", email="lost@full.example")
    one = message(audience="everybody")
    services.send_message(one, by=kept, now=NOW)
    settings.EMAIL_BACKEND = "tests.plan.test_messages.FullMailbox"

    found = services.deliver(one, now=NOW)

    one.refresh_from_db()
    letters = communication.letters(one)
    assert (found.reached, found.missed, one.reach, letters.taken, letters.missing) == (1, 1, 1, 1, 1)
    assert letters.missed == [("SMTPRecipientsRefused: {'lost@full.example': (552, b'full')}", [lost])]

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    services.check_undelivered(one)
    services.deliver(one, now=NOW)

    one.refresh_from_db()
    assert (one.reach, [letter.to for letter in mail.outbox]) == (2, [[kept.email], [lost.email]])
    with pytest.raises(Refusal, match="no letter that is still to go"):
        services.check_undelivered(one)


def test_a_mail_server_that_is_away_is_told_for_everybody(settings):
    make.person()
    one = message(audience="everybody")
    services.send_message(one, by=make.person(), now=NOW)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nothing listens there

    assert services.deliver(one, now=NOW) == services.Delivered(0, 2)

    one.refresh_from_db()
    assert (one.state, one.reach) == ("sent", 0)
    (trouble, people), *others = communication.letters(one).missed
    assert trouble.startswith("ConnectionRefusedError")
    assert len(people) == 2
    assert not others


def test_a_message_is_for_whoever_its_audience_holds():
    seller, team = JobRole.objects.create(name="Seller"), make.team()
    me, other = make.person(job_role=seller, team=team), make.person()
    sponsor = make.person(groups=["executive sponsor"])
    mine = message(audience="role", job_role=seller, **SENT)
    ours = message(audience="team", team=team, **SENT)
    theirs = message(audience="executives", **SENT)
    all_of_us = message(audience="everybody", **SENT)
    message(audience="everybody")

    assert set(communication.messages_to(me)) == {mine, ours, all_of_us}
    assert set(communication.messages_to(other)) == {all_of_us}
    assert set(communication.messages_to(sponsor)) == {theirs, all_of_us}
    for one in (mine, ours, theirs, all_of_us):
        readers = {reader for reader in (me, other, sponsor) if one in communication.messages_to(reader)}
        assert set(communication.readers_of(one)) == readers


@pytest.mark.parametrize(
    ("more", "sentence"),
    [({"body": " "}, "says nothing yet"), ({"audience": "executives"}, "has an e-mail address")],
)
def test_a_message_without_words_or_readers_is_not_sent(more, sentence):
    with pytest.raises(Refusal, match=sentence):
        services.send_message(message(**more), by=make.person(), now=NOW)

    assert mail.outbox == []


@pytest.mark.django_db(transaction=True)
def test_the_job_of_a_message_ends_with_whom_it_missed(settings):
    make.person()
    make.person(email="lost@full.example")
    one = message(audience="everybody")
    services.send_message(one, by=make.person(email=None), now=NOW)
    settings.EMAIL_BACKEND = "tests.plan.test_messages.FullMailbox"

    failed = run_here(start("send_message", scope=str(one.pk)))
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    done = run_here(start("send_message", scope=str(one.pk)))

    assert (failed.state, failed.reason) == ("failed", "mail_refused")
    assert "reached 1 people and missed 1" in failed.message
    assert (done.state, done.counts) == ("done", {"letters": 2})
    assert len(mail.outbox) == 2


def test_the_page_names_whom_it_missed_and_sends_it_again_to_those(client, settings):
    make.person(name="Lost", email="lost@full.example")
    lead = make.person(groups=["adoption lead"], email=None)
    one = message(audience="everybody")
    client.force_login(lead)
    client.post(f"/messages/{one.pk}/send/", {"channel": "mail"})
    assert Job.objects.filter(kind="send_message", scope=str(one.pk)).count() == 1
    settings.EMAIL_BACKEND = "tests.plan.test_messages.FullMailbox"
    services.deliver(one, now=NOW)
    Job.objects.all().delete()

    page = client.get(one.get_absolute_url()).content.decode()
    assert "1 of 1 people was not reached." in page
    assert "Lost" in page
    client.post(f"/messages/{one.pk}/send-again/")

    assert Job.objects.filter(kind="send_message", scope=str(one.pk)).count() == 1
