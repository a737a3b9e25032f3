"""Single companies, addresses of mail and web, and telephone numbers: what their modules do to columns."""

import unicodedata

from dataquality.engine.standardise import companies, mail, phones
from dataquality.engine.standardise.facts import facts, words
from dataquality.engine.standardise.few.signs import WHITE, group, has, replaced
from dataquality.engine.standardise.few.text import Cell, in_latin, plain, stripped, without
from dataquality.engine.standardise.romanise import romanised

_FOREIGN_DIGITS = str.maketrans(phones.foreign_digits())


def company_name(value: Cell) -> Cell:
    """As `companies.company_names`."""
    text = without(plain(value), words("placeholders", "everywhere"))
    if text is None:
        return None
    if has(text, companies.SIGNED):
        text = replaced(text, companies.glued(), "").strip(" ") or text
    for pattern, by in companies.WORDS:
        text = replaced(text, pattern, by)
    spaced = text.strip(" ")
    bare = replaced(replaced(spaced, companies.forms(), "", once=True), companies.before(), "", once=True)
    bare = bare.strip(" ,").replace(",", "")
    return in_latin(bare or spaced.replace(",", ""), romanised)


def company_parts(name: Cell) -> dict[str, Cell]:
    """As `companies.company_words`."""
    if name is None:
        return {"name": None, "tokens": None, "acronym": None}
    said = [word for word in name.split(" ") if word not in companies.EMPTY_WORDS]
    acronym = "".join(word[:1] for word in said)
    return {
        "name": name,
        "tokens": " ".join(sorted(set(said))) or name,
        "acronym": acronym if len(acronym) >= 2 else None,
    }


def mail_parts(value: Cell) -> dict[str, str | bool | None]:
    """As `mail.mail_parts`."""
    text = None if value is None else value.strip(WHITE).lower()
    if text is not None and not has(text, mail.ADDRESS):
        found = mail.INSIDE.search(text)
        text = f"{found[1]}@{found[2]}" if found else None
    if text is None:
        return dict.fromkeys(("address", "local", "domain", "role", "free"))
    local, _, host = replaced(text, r"\+[^@]*@", "@", once=True).partition("@")
    host = facts("mail")["same"].get(host, host)
    if host in words("mail", "dotless"):
        local = local.replace(".", "")
    free = host in words("mail", "free")
    if not local or local in mail.NOBODY:
        return dict.fromkeys(("address", "local", "domain", "role", "free"))
    return {
        "address": f"{local}@{host}",
        "local": local,
        "domain": None if free else registrable(host),
        "role": replaced(local, r"[0-9]+$", "", once=True) in words("mail", "roles"),
        "free": free,
    }


def registrable(host: str) -> str:
    """As `mail.registrable`."""
    found = group(host, mail.HOST)
    return host if found is None else found


def host_of(value: Cell) -> Cell:
    """As `mail.host_parts`."""
    text = without(plain(value), words("placeholders", "everywhere"))
    if text is None:
        return None
    host = group(replaced(text, mail.SCHEME, "", once=True), mail.NAMED_HOST)
    host = replaced(host.strip("."), mail.WORLD_WIDE_WEB, "", once=True) if host is not None else None
    return registrable(host) if host is not None and has(host, mail.DOTTED) else None


def phone_number(value: Cell, region: Cell) -> Cell:
    """The number as `phones.phone_parts` gives it."""
    text = stripped(value)
    if text is None:
        return None
    if has(text, phones.LETTERED):
        text = replaced(unicodedata.normalize("NFKC", text), phones.EXTENSION, "", once=True)
        text = replaced(text, phones.SPOKEN, "", once=True).translate(_FOREIGN_DIGITS)
    text = replaced(text, phones.FIGURE, "$1", once=True).replace("(0)", "", 1)
    digits = replaced(text, r"[^0-9]+", "")
    number = digits.lstrip("0") if text.startswith(("+", "00", "(+")) else _national(digits, region)
    number = replaced(number, phones.zero_trunks(), "$1", once=True)
    bad = not phones.SHORTEST <= len(number) <= phones.LONGEST
    return None if bad or has(number, phones.NOBODY) or has(digits, phones.NOBODY) else number


def phone_parts(value: Cell, region: Cell) -> dict[str, Cell]:
    """As `phones.phone_parts`."""
    number = phone_number(value, region)
    return {"number": number, "tail": None if number is None else number[-phones.TAIL :]}


def _national(digits: str, region: Cell) -> str:
    bare = digits.lstrip("0")
    plan = None if region is None else phones.plan_of(region.upper())
    if plan is None:
        return bare
    too_long = len(digits) > plan.longest
    if too_long and plan.trunk.strip("0") and digits.startswith(plan.trunk):
        return plan.calling + digits.removeprefix(plan.trunk)
    with_subscriber = plan.trunk == "0" and len(digits) >= len(plan.calling) + phones.SUBSCRIBER
    if digits.startswith(plan.calling) and (too_long or with_subscriber):
        return digits
    return plan.calling + (bare if plan.trunk else digits)
