"""The queue, one pair after the other by keys, groups and acceptance in bulk, as a steward meets them."""

from __future__ import annotations

import pytest
from django.urls import reverse

from dataquality.models import Acceptance, Pair
from tests import make
from tests.dataquality.matching.makers import CONTACTS, LEADS, cluster, clusters, pair, people, run

pytestmark = pytest.mark.django_db


@pytest.fixture
def steward(client):
    client.force_login(make.person(groups=["data steward"]))
    return client


def text(answer):
    return answer.content.decode()


def test_the_queue_shows_both_records_and_the_surest_pair_first(steward):
    a, b, c = people("Anna Berg", "Anna Berk", "Otto Klein")
    known = run(rows=3, pairs=2)
    pair(a, b, 0.7, run=known)
    pair(b, c, 0.99, run=known)

    page = text(steward.get(reverse("duplicates")))

    assert page.index("Otto Klein") < page.index("Anna Berg")
    assert "99 %" in page


def test_other_states_orders_and_tables_are_one_click_away(steward):
    a, b = people("Anna Berg", "Anna Berk")
    (lead,) = people("Anna Berg", subject=LEADS)
    pair(a, b, state="different")
    pair(a, lead, 0.9)

    assert "Anna Berk" not in text(steward.get(reverse("duplicates"), {"table": CONTACTS.slug}))
    assert "Anna Berk" in text(steward.get(reverse("duplicates"), {"table": CONTACTS.slug, "state": "different"}))
    beside = {"table": CONTACTS.slug, "beside": LEADS.slug}
    assert "90 %" in text(steward.get(reverse("duplicates"), beside))
    assert steward.get(reverse("duplicates"), {"table": "nonsense", "order": "x", "state": "y"}).status_code == 200


def test_a_pair_shows_what_differs(steward):
    a, b = people("Anna Berg", "Anna Berk")
    one = pair(a, b)

    page = text(steward.get(reverse("pair", args=[one.pk])))

    assert "differs" in page
    assert 'data-key="s"' in page
    assert 'data-key="d"' in page
    assert 'data-key="l"' in page


@pytest.mark.parametrize(("answer", "state"), [("same", "same"), ("different", "different"), ("later", "later")])
def test_an_answer_is_kept_and_the_next_pair_comes(steward, answer, state):
    a, b, c = people("Anna Berg", "Anna Berk", "Otto Klein")
    first, second = pair(a, b, 0.99), pair(b, c, 0.7)

    moved = steward.post(reverse("pair-judge", args=[first.pk]), {"answer": answer})

    assert moved.headers["Location"].startswith(reverse("pair", args=[second.pk]))
    first.refresh_from_db()
    assert first.state == state


def test_by_key_only_the_review_is_exchanged(steward):
    a, b, c = people("Anna Berg", "Anna Berk", "Otto Klein")
    first, second = pair(a, b, 0.99), pair(b, c, 0.7)

    answer = steward.post(reverse("pair-judge", args=[first.pk]), {"answer": "same"}, headers={"HX-Request": "true"})

    assert answer.headers["HX-Push-Url"].startswith(reverse("pair", args=[second.pk]))
    assert text(answer).lstrip().startswith('<div id="review">')
    last = steward.post(reverse("pair-judge", args=[second.pk]), {"answer": "same"}, headers={"HX-Request": "true"})
    assert last.headers["HX-Redirect"].startswith(reverse("duplicates"))


def test_a_wrong_answer_changes_nothing_and_an_answer_can_be_taken_back(steward):
    a, b = people("Anna Berg", "Anna Berk")
    one = pair(a, b)
    judge = reverse("pair-judge", args=[one.pk])

    assert "Say same, different or later" in text(steward.post(judge, {"answer": "perhaps"}, follow=True))
    steward.post(judge, {"answer": "different"})
    steward.post(judge, {"answer": "withdraw"})

    one.refresh_from_db()
    assert one.state == Pair.State.OPEN


def test_an_analyst_reads_and_does_not_judge(client):
    a, b = people("Anna Berg", "Anna Berk")
    one = pair(a, b)
    client.force_login(make.person(groups=["analyst"]))

    assert 'data-key="s"' not in text(client.get(reverse("pair", args=[one.pk])))
    assert client.post(reverse("pair-judge", args=[one.pk]), {"answer": "same"}).status_code == 403


def test_a_group_of_many_stands_in_columns_and_is_split(steward):
    a, b, c = people("Anna Berg", "Anna Berg", "Hanna Berg")
    for one, other in ((a, b), (a, c), (b, c)):
        pair(one, other)
    number = cluster(a, b, c)
    address = reverse("duplicate-cluster", args=[CONTACTS.slug, number])

    assert "Hanna Berg" in text(steward.get(address))
    assert "3" in text(steward.get(reverse("duplicate-clusters"), {"table": CONTACTS.slug}))
    steward.post(address, {"record": [c.pk]})

    assert clusters() == {number: {a.pk, b.pk}}
    assert steward.get(reverse("duplicate-cluster", args=[CONTACTS.slug, 999])).status_code == 404


def test_many_are_accepted_after_their_sample_was_judged(steward):
    made = people("Anna Berg", "Anna Berk", "Otto Klein", "Otto Kleyn")
    first, second = pair(made[0], made[1], 0.99), pair(made[2], made[3], 0.98)

    drawn = steward.post(f"{reverse('duplicates-accept')}?table={CONTACTS.slug}", {"above": "97"})
    acceptance = Acceptance.objects.get()
    page = reverse("duplicates-sample", args=[acceptance.pk])
    assert drawn.headers["Location"] == page
    assert "2 of 2 pairs of the sample wait" in text(steward.get(page))
    steward.post(page)
    assert Acceptance.objects.get().accepted_at is None  # not before the sample has its answers
    query = f"?table={CONTACTS.slug}&acceptance={acceptance.pk}"
    next_ = steward.post(reverse("pair-judge", args=[first.pk]) + query, {"answer": "same"})
    assert f"pairs/{second.pk}/" in next_.headers["Location"]
    assert steward.post(reverse("pair-judge", args=[second.pk]) + query, {"answer": "same"}).headers["Location"] == page

    assert "with 95 % confidence" in text(steward.get(page))
    steward.post(page)

    assert Acceptance.objects.get().accepted_at is not None
    assert set(Pair.objects.values_list("state", flat=True)) == {"same"}


def test_a_probability_that_no_pair_reaches_is_refused_in_a_sentence(steward):
    answer = steward.post(f"{reverse('duplicates-accept')}?table={CONTACTS.slug}", {"above": "99"})

    assert answer.status_code == 422
    assert "No open pair is that probable" in text(answer)
