"""How people get in: what we ask of allauth and axes."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from crm_adoption.people.models import Person


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up; people are invited."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _(
            "This e-mail address and password do not go together. Check both, or reset the password."
        ),
        "too_many_login_attempts": _("Too many attempts. Wait a quarter of an hour, then try again."),
        "incorrect_password": _("This is not your password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_password_reset_mail(self, user: Person, email: str, context: dict[str, Any]) -> None:
        """Only somebody who once chose a password can reset it: a reset must not stand in for an invitation."""
        if user.has_usable_password():
            super().send_password_reset_mail(user, email, context)


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc]
    """Authenticator secrets are encrypted with keys from SECRET_KEY; whoever must have a second factor keeps it."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not right, or was used already; wait for the next one."),
        "cannot_delete_authenticator": _("Your role needs a second factor, so it cannot be turned off."),
    }

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        return not authenticator.user.needs_second_factor


def _cipher() -> MultiFernet:
    """The newest key encrypts; the older ones of SECRET_KEY_FALLBACKS still decrypt."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = [hashlib.sha256(b"crm_adoption second factor" + secret.encode()).digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])


def who_tries(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """The account axes counts failures of: the e-mail address, however it is spelt."""
    typed = (credentials or {}).get("email") or request.POST.get("login") or ""
    return str(typed).strip().lower()


def locked_out(request: HttpRequest, _answer: HttpResponse | None, _credentials: dict[str, Any] | None) -> HttpResponse:
    """What axes answers while an account is closed to an address."""
    response = render(request, "account/locked.html", status=429)
    response.headers["Retry-After"] = str(int(settings.AXES_COOLOFF_TIME * 3600))
    return response


def from_where(request: HttpRequest) -> str | None:
    """The address of the client; X-Forwarded-For counts only as far as TRUSTED_PROXIES says."""
    address: str | None = get_client_ip(request)
    return address
