"""Pages answer in Chinese: by what the browser asks for, by the switch, and by one's own profile."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms
from django.conf import settings
from django.core import mail
from django.forms import ChoiceField
from django.utils import translation
from django.utils.formats import date_format

from crm_adoption.kit.words import number, percent
from crm_adoption.people.forms import ProfileForm
from crm_adoption.people.models import Person
from dataquality.forms import WaiveForm
from dataquality.views.imports import COLUMNS
from tests import make

STRONG = "nine quiet herons wade"
CHINESE = {"HTTP_ACCEPT_LANGUAGE": "zh-CN,zh;q=0.9,en;q=0.5"}


@pytest.mark.django_db
def test_a_browser_that_asks_for_chinese_gets_it_before_anybody_signed_in(client):
    page = client.get("/sign-in/", **CHINESE)

    assert page.headers["Content-Language"] == "zh-hans"
    assert '<html lang="zh-hans"' in page.content.decode()
    assert "忘记密码？" in page.content.decode()
    assert "Forgotten your password?" in client.get("/sign-in/").content.decode()


@pytest.mark.django_db
def test_the_switch_keeps_a_cookie_for_who_has_not_signed_in(client):
    answer = client.post("/language/", {"language": "zh-hans", "next": "/sign-in/"})

    assert answer.headers["Location"] == "/sign-in/"
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == "zh-hans"
    assert "忘记密码？" in client.get("/sign-in/").content.decode()


@pytest.mark.django_db
def test_the_switch_changes_the_profile_of_who_is_signed_in_and_so_follows_to_another_browser(client):
    lead = make.person(name="Lena Lead", groups=["adoption lead"])
    client.force_login(lead)

    client.post("/language/", {"language": "zh-hans", "next": "/"})

    lead.refresh_from_db()
    assert lead.language == "zh-hans"
    client.cookies.pop(settings.LANGUAGE_COOKIE_NAME)
    for address, words in {
        "/phases/": "什么在何时改变", "/scoreboard/": "记分板",
        "/people/seats/": "谁负责什么", "/training/courses/": "添加课程",
        "/jobs/": "进行中", "/phases/new/": "设计冻结日期",
    }.items():  # fmt: skip
        page = client.get(address, HTTP_ACCEPT_LANGUAGE="en")
        assert page.status_code == 200, address
        assert words in page.content.decode(), address


@pytest.mark.django_db
def test_an_unknown_language_changes_nothing(client):
    person = make.person()
    client.force_login(person)

    client.post("/language/", {"language": "tlh", "next": "/people/profile/"})

    person.refresh_from_db()
    assert person.language == "en"
    assert "Your profile" in client.get("/people/profile/").content.decode()


@pytest.mark.django_db
def test_the_profile_wins_over_the_cookie_of_whoever_sat_here_before(client):
    client.post("/language/", {"language": "zh-hans", "next": "/sign-in/"})
    client.force_login(make.person(language="en"))

    assert "Your profile" in client.get("/people/profile/", **CHINESE).content.decode()


@pytest.mark.django_db
def test_an_invitation_accepted_in_chinese_makes_a_reader_of_chinese(client):
    client.force_login(make.person(groups=["adoption lead"]))
    client.post("/people/invite/", {"name": "Mei Lin", "email": "mei@company.example", "groups": ["champion"]})
    client.logout()
    link = next(word for word in mail.outbox[0].body.split() if "/people/invitation/" in word)

    welcome = client.get(link, **CHINESE)
    client.post(link, {"password": STRONG, "again": STRONG}, **CHINESE)

    assert "Mei Lin，欢迎您" in welcome.content.decode()
    assert Person.objects.get(email="mei@company.example").language == "zh-hans"


def test_headings_that_are_made_once_are_read_in_the_language_of_each_reader():
    with translation.override("en"):
        before = [str(column.label) for column in COLUMNS]
    with translation.override("zh-hans"):
        assert [str(column.label) for column in COLUMNS][:3] == ["文件", "来源", "表"]
    assert before[:3] == ["File", "Source", "Table"]


def test_days_and_figures_are_written_as_the_language_writes_them():
    with translation.override("zh-hans"):
        assert number(1234567) == "1,234,567"
        assert number(1234.5, 2) == "1,234.50"
        assert percent(0.1234) == "12.3 %"
        assert date_format(date(2026, 11, 5)) == "2026年11月5日"
        languages = ProfileForm.base_fields["language"]
        assert isinstance(languages, ChoiceField)
        assert languages.choices == [("en", "英语"), ("zh-hans", "简体中文")]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_date_field_holds_what_the_browser_can_read_and_takes_it_back(language):
    """`<input type="date">` stays empty for anything but a year, a month and a day between hyphens."""
    until = WaiveForm.base_fields["until"]
    with translation.override(language):
        assert 'value="2026-11-05"' in until.widget.render("until", until.prepare_value(date(2026, 11, 5)))
        assert until.clean("2026-11-05") == date(2026, 11, 5)


def test_a_day_may_be_typed_the_chinese_way():
    with translation.override("zh-hans"):
        for typed in ("2026/11/05", "2026年11月5日"):
            assert forms.DateField().clean(typed) == date(2026, 11, 5)
