"""Web addresses and domains: rules of our own, names in any script through IDNA."""

import re
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

import idna
import polars as pl

from dataquality.engine.faults import Verdict
from dataquality.engine.scripts import mixed_scripts

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,56}[A-Za-z0-9])?)?"
_HOST = r"(?:" + _LABEL + r"\.){1,4}[A-Za-z]{2,20}"
_PLAIN_DOMAIN = r"^" + _HOST + r"$"
_PLAIN_URL = r"^(?:https?://)?" + _HOST + r"(?:/[A-Za-z0-9_~./%?=&#+-]*)?$"
_PUNYCODE_LIKE = r"(?:^|[/.])..--"
_SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*):(?=//|[^0-9])")
_BROKEN_SCHEME = re.compile(r"^(?:https?)(?:;//|:/(?!/)|//|:\\\\|\.//|:(?=www))", re.IGNORECASE)


def plain_domain(text: pl.Expr) -> pl.Expr:
    return text.str.contains(_PLAIN_DOMAIN) & ~text.str.contains(_PUNYCODE_LIKE)


def plain_url(text: pl.Expr) -> pl.Expr:
    return text.str.contains(_PLAIN_URL) & ~text.str.contains(_PUNYCODE_LIKE)


@lru_cache(maxsize=65_536)
def is_domain(text: str) -> bool:
    """A full domain name, at least two labels, the last one not a number; in any script."""
    name = text.rstrip(".") if text.endswith(".") and not text.endswith("..") else text
    if "." not in name or len(name) > 253 or re.search(r"\s", name):
        return False
    try:
        ascii_name = idna.encode(name, uts46=True, std3_rules=True).decode()
    except (idna.IDNAError, UnicodeError):
        return False
    last = ascii_name.rsplit(".", 1)[-1]
    return len(last) >= 2 and not last.isdigit()


def is_url(text: str) -> bool:
    """A web address: http, https or no scheme, then a domain or an address in figures; no credentials, no spaces."""
    if re.search(r"[\s<>\"\\^`{|}\x00-\x1f]", text):
        return False
    scheme = _SCHEME.match(text)
    if scheme and scheme[1].lower() not in {"http", "https"}:
        return False
    try:
        parts = urlsplit(text if scheme else f"//{text}")
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.username is not None or (scheme and not text[scheme.end() :].startswith("//")):
        return False
    return is_domain(host) or _is_figures(host)


def judge_url(text: str) -> Verdict | None:
    if is_url(text):
        return Verdict("url_mixed_script") if mixed_scripts(text) else None
    if "@" in text and "/" not in text:
        return Verdict("url_is_email")
    mended = _BROKEN_SCHEME.sub(lambda match: "https://" if match[0].lower().startswith("https") else "http://", text)
    mended = re.sub(r"^(https?://)(?:https?://)+", r"\1", mended, flags=re.IGNORECASE)
    mended = re.sub(r"(?i)^((?:https?://)?www)(?:,|\.\.|\s)\s*(?=\w)", r"\1.", mended)
    return Verdict("url_invalid", mended if mended != text and is_url(mended) else None)


def judge_domain(text: str) -> Verdict | None:
    if is_domain(text):
        return Verdict("domain_mixed_script") if mixed_scripts(text) else None
    host = ""
    if is_url(text):
        host = urlsplit(text if "://" in text else f"//{text}").hostname or ""
        host = host.removeprefix("www.")
    return Verdict("domain_invalid", host if is_domain(host) else None)


def _is_figures(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
