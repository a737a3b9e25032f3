"""E-mail addresses and web addresses: one canonical spelling, and what their host says."""

import re

import polars as pl

from dataquality.engine.standardise.facts import facts, words
from dataquality.engine.standardise.text import Dictionary, plain, put, without

ADDRESS = r"^[^\s@<>,;:\"]+@[^\s@<>,;:\"]+\.[^\s@<>,;:\".]+$"
INSIDE = re.compile(r"([^\s<>\[\]()\",;:]+)\s*(?:@|\(at\)|\[at\])\s*([^\s<>\[\]()\",;:]+\.[^\s<>\[\]()\",;:.]+)")
NOBODY = words("placeholders", "everywhere") | {"noemail", "nomail", "none", "no-email", "no.email", "nobody"}
# Second-level names under which others register, below a top level of two letters.
_SHARED_SECOND = "co|com|org|net|edu|ac|gov|gob|gouv|go|or|ne|ltd|plc|me|info|biz|web|nom|school|mil|id|firm|gen|ind"
HOST = rf"([^.]+\.(?:(?:{_SHARED_SECOND})\.[a-z]{{2}}|[^.]+))$"
SCHEME = r"^[a-z][a-z0-9+.-]*:/*|^//"
NAMED_HOST = r"^(?:[^/@?#]*@)?([^/:?#\s]+)"
WORLD_WIDE_WEB = r"^(?:www[0-9]*\.)+"
DOTTED = r"^[^.]+(?:\.[^.]+)+$"


def mail_parts(column: pl.Series) -> dict[str, pl.Series]:
    """`address`, `local`, `domain` (null for free mail), `role` and `free` of each row."""
    text = column.cast(pl.String).str.strip_chars().str.to_lowercase()
    whole = text.str.contains(ADDRESS)
    text = _undressed(text, ~whole).str.replace(r"\+[^@]*@", "@")
    at = text.str.find("@", literal=True)  # in bytes, which are the letters of nearly all addresses
    frame = pl.DataFrame({"text": text, "at": at})
    split = frame.select(
        local=pl.col("text").str.slice(0, pl.col("at")), host=pl.col("text").str.slice(pl.col("at") + 1)
    )
    wide = (text.str.len_bytes() != text.str.len_chars()).fill_null(value=False)
    if wide.any():
        apart = text.filter(wide).str.splitn("@", 2).struct.unnest()
        split = split.with_columns(
            local=put(split.get_column("local"), wide.arg_true(), apart.to_series(0)),
            host=put(split.get_column("host"), wide.arg_true(), apart.to_series(1)),
        )
    local, hosts = split.get_column("local"), Dictionary.of(split.get_column("host"))
    same, free = facts("mail")["same"], words("mail", "free")
    host = hosts.values.replace(same)
    dotless = hosts.laid_out(host.is_in(list(words("mail", "dotless"))))
    local = local.zip_with(~dotless.fill_null(value=False), local.str.replace_all(".", "", literal=True))
    nobody = (local.is_in(list(NOBODY)) | (local == "")).fill_null(value=False)
    local = local.set(nobody, None)
    is_free = hosts.laid_out(host.is_in(list(free))).set(local.is_null(), None)
    domain = hosts.laid_out(registrable(host).set(host.is_in(list(free)), None)).set(nobody, None)
    address = pl.select(pl.concat_str(local, pl.lit("@"), hosts.laid_out(host))).to_series()
    role = local.str.replace(r"[0-9]+$", "").is_in(list(words("mail", "roles")))
    return {"address": address, "local": local, "domain": domain, "role": role, "free": is_free}


def _undressed(text: pl.Series, odd: pl.Series) -> pl.Series:
    """`Anna <a@x.de>`, `mailto:a@x.de` and `a@x.de; b@y.de` as their first address; null where there is none."""
    odd = odd.fill_null(value=False)
    if not odd.any():
        return text
    found = [
        f"{match[1]}@{match[2]}" if (match := INSIDE.search(value)) else None for value in text.filter(odd).to_list()
    ]
    return put(text, odd.arg_true(), pl.Series(found, dtype=pl.String))


def registrable(hosts: pl.Series) -> pl.Series:
    """Distinct host names as the part that somebody registered: `mail.acme.co.uk` is acme.co.uk."""
    return hosts.str.extract(HOST).fill_null(hosts)


def host_parts(column: pl.Series) -> dict[str, pl.Series]:
    """`host` of a web address or domain: registrable, without www; null where no host is named."""
    listed = Dictionary.of(column)
    text = without(plain(listed.values), words("placeholders", "everywhere"))
    text = text.str.replace(SCHEME, "").str.extract(NAMED_HOST)
    text = text.str.strip_chars(".").str.replace(WORLD_WIDE_WEB, "")
    named = text.str.contains(DOTTED)
    return {"host": listed.laid_out(registrable(text.set(~named.fill_null(value=False), None)))}
