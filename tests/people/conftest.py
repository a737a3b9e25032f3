"""People type passwords in these tests, so a quick hasher stands in for argon2."""

from __future__ import annotations

import pytest

from tests import make

PASSWORD = "seven bright otters swim"


@pytest.fixture(autouse=True)
def _quick_hasher_and_a_page_of_ours_after_sign_in(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.LOGIN_REDIRECT_URL = "/people/profile/"


@pytest.fixture
def lead(db):
    return make.person(name="Lena Lead", email="lena@company.example", groups=["adoption lead"], password=PASSWORD)


@pytest.fixture
def sign_in(client):
    """Sign somebody in through the page, as people do."""

    def do(person, password=PASSWORD, to="/people/profile/", **more):
        return client.post("/sign-in/", {"login": person.email, "password": password, "next": to}, **more)

    return do
