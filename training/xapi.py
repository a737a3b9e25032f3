"""Reading xAPI statements (1.0.3, and the parts cmi5 adds): what one says about somebody and a course, or why not."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

VERSION = "1.0.3"
ADL = "http://adlnet.gov/expapi/verbs/"
COUNTED = {f"{ADL}{word}": word for word in ("completed", "passed", "failed")}
VOIDED = f"{ADL}voided"
MASTERY = "https://w3id.org/xapi/cmi5/context/extensions/masteryscore"
KNOWN = {
    "id", "actor", "verb", "object", "result", "context", "timestamp", "stored", "authority", "version", "attachments",
}  # fmt: skip
OURS = ("stored", "authority", "version")  # what a receiver may write, so it does not make two statements differ
IRI = re.compile(r"[a-z][a-z0-9+.-]*:\S+", re.IGNORECASE)
MAILTO = re.compile(r"mailto:([^@\s]+@[^@\s]+)", re.IGNORECASE)
SHA1 = re.compile(r"[0-9a-f]{40}", re.IGNORECASE)
INVERSE = ("mbox", "mbox_sha1sum", "openid", "account")
AHEAD = timedelta(hours=1)  # how far a sender's clock may be ahead


class Malformed(Exception):
    """A statement that cannot count, with the reason as one sentence."""

    def __init__(self, sentence: str, *, code: str = "malformed") -> None:
        super().__init__(sentence)
        self.sentence, self.code = sentence, code


@dataclass(frozen=True)
class Actor:
    """Who a statement is about: exactly one of an address, its digest, or a name in another system."""

    email: str = ""
    sha1: str = ""
    account: str = ""

    def __str__(self) -> str:
        return self.email or self.account or self.sha1


@dataclass(frozen=True)
class Said:
    """What a statement says. `counts` is completed, passed or failed; empty for any other verb, which is let pass."""

    id: uuid.UUID
    actor: Actor
    counts: str
    activity: str
    at: datetime
    score: float | None
    is_completion: bool
    mastery: float | None
    digest: str
    raw: dict[str, Any]


def read(statement: Any, *, now: datetime, given_id: str = "") -> Said:
    """What a statement says; Malformed with a sentence where it breaks the form."""
    said = _object(statement, _("The statement"))
    unknown = sorted(set(said) - KNOWN)
    if unknown:
        raise Malformed(_("A statement has no “%(name)s”; take it out.") % {"name": unknown[0][:80]})
    if any(value is None for value in said.values()):
        raise Malformed(_("A statement has no empty (null) parts; leave them out."))
    verb = _iri(_object(said.get("verb"), "verb").get("id"), "verb.id")
    if verb == VOIDED:
        raise Malformed(
            _("Statements are not voided here; take the completion back on the page of the person's course."),
            code="not_voided",
        )
    result = _object(said.get("result", {}), "result")
    counts = COUNTED.get(verb, "")
    activity = _activity(said.get("object")) if counts else ""
    success = _flag(result, "success")
    if (counts, success) in (("passed", False), ("failed", True)):
        raise Malformed(_("The verb says %(verb)s and result.success the opposite.") % {"verb": counts})
    content = digest(said)
    return Said(
        id=_id(said.get("id") or given_id, content if "timestamp" in said else ""),
        actor=_actor(said.get("actor")),
        counts=counts,
        activity=activity,
        at=_moment(said.get("timestamp"), now),
        score=_score(result),
        is_completion=counts == "completed" or _flag(result, "completion") is True,
        mastery=_mastery(said.get("context", {})),
        digest=content,
        raw=dict(said),
    )


def digest(said: Mapping[str, Any]) -> str:
    """Of what a statement says, so that the same sent again is known from another under the same id."""
    content = {name: value for name, value in said.items() if name not in (*OURS, "id")}
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode(errors="replace")).hexdigest()


def require_mastery(said: Said, mastery: float) -> None:
    """cmi5 9.5.2 and 9.5.3: who passes has reached the mastery score, and who fails has not."""
    needed = mastery if said.mastery is None else said.mastery
    if said.score is None:
        return
    facts = {"score": f"{said.score:g}", "mastery": f"{needed:g}"}
    if said.counts == "passed" and said.score < needed:
        raise Malformed(_("“passed” with a score of %(score)s is below the mastery score of %(mastery)s.") % facts,
                        code="below_mastery")  # fmt: skip
    if said.counts == "failed" and said.score >= needed:
        raise Malformed(_("“failed” with a score of %(score)s reaches the mastery score of %(mastery)s.") % facts,
                        code="reaches_mastery")  # fmt: skip


def _object(value: Any, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Malformed(_("%(name)s must be an object.") % {"name": name})
    return value


def _id(value: Any, content: str) -> uuid.UUID:
    """The id given; without one, a dated statement gets the same each time it is sent."""
    if value == "":
        return uuid.uuid5(uuid.NAMESPACE_URL, content) if content else uuid.uuid4()
    try:
        return uuid.UUID(str(value)) if isinstance(value, str) and len(value) == 36 else uuid.UUID("")
    except ValueError:
        raise Malformed(_("The id “%(id)s” is no UUID.") % {"id": str(value)[:60]}) from None


def _iri(value: Any, name: str) -> str:
    if not isinstance(value, str) or not IRI.fullmatch(value) or len(value) > 500 or "\x00" in value:
        raise Malformed(_("%(name)s must be an address such as https://lms.example/course.") % {"name": name})
    return value


def _activity(value: Any) -> str:
    said = _object(value, "object")
    if said.get("objectType", "Activity") != "Activity":
        raise Malformed(
            _("object must be an activity; here it is a %(kind)s.") % {"kind": str(said["objectType"])[:40]}
        )
    return _iri(said.get("id"), "object.id")


def _actor(value: Any) -> Actor:
    said = _object(value, "actor")
    if said.get("objectType", "Agent") not in ("Agent", "Group"):
        raise Malformed(_("actor must be an agent."))
    known = [name for name in INVERSE if name in said]
    if len(known) != 1:
        raise Malformed(_("actor must have exactly one of mbox, mbox_sha1sum, openid and account."))
    if known == ["mbox"]:
        found = MAILTO.fullmatch(said["mbox"]) if isinstance(said["mbox"], str) else None
        if found is None:
            raise Malformed(_("actor.mbox must read mailto:somebody@company.example."))
        return Actor(email=found[1].lower().replace("\x00", ""))
    if known == ["mbox_sha1sum"] and isinstance(said["mbox_sha1sum"], str) and SHA1.fullmatch(said["mbox_sha1sum"]):
        return Actor(sha1=said["mbox_sha1sum"].lower())
    if known == ["account"]:
        account = _object(said["account"], "actor.account")
        if isinstance(account.get("name"), str) and account["name"] and isinstance(account.get("homePage"), str):
            return Actor(account=account["name"][:255].replace("\x00", ""))
    raise Malformed(_("actor: %(name)s cannot be read; name the person by mbox.") % {"name": known[0]})


def _moment(value: Any, now: datetime) -> datetime:
    if value is None:
        return now
    try:
        at = parse_datetime(value) if isinstance(value, str) and "T" in value.upper() else None
    except ValueError:
        at = None
    if at is None:
        raise Malformed(
            _("timestamp “%(said)s” is no moment such as 2026-03-02T10:00:00Z.") % {"said": str(value)[:60]}
        )
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    try:
        at = at.astimezone(UTC)
    except OverflowError:
        raise Malformed(_("timestamp “%(said)s” is no moment of this world.") % {"said": str(value)[:60]}) from None
    if at > now + AHEAD:
        raise Malformed(_("timestamp “%(said)s” lies in the future.") % {"said": value}, code="in_the_future")
    return at


def _flag(result: Mapping[str, Any], name: str) -> bool | None:
    value = result.get(name)
    if value is not None and not isinstance(value, bool):
        raise Malformed(_("result.%(name)s must be true or false.") % {"name": name})
    return value


def _number(value: Any, name: str) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value or abs(value) > 1e12:
        raise Malformed(_("%(name)s must be a number.") % {"name": name})
    return float(value)


def _score(result: Mapping[str, Any]) -> float | None:
    """As a share of 1: scaled, else raw between min and max; below nought counts as nought."""
    if "score" not in result:
        return None
    score = _object(result["score"], "result.score")
    scaled = _number(score.get("scaled"), "result.score.scaled")
    if scaled is not None:
        if not -1 <= scaled <= 1:
            raise Malformed(_("result.score.scaled is %(n)s; it lies between -1 and 1.") % {"n": f"{scaled:g}"})
        return max(0.0, scaled)
    raw, low, high = (_number(score.get(name), f"result.score.{name}") for name in ("raw", "min", "max"))
    if raw is None or high is None:
        return None
    low = low or 0.0
    if not low < high or not low <= raw <= high:
        raise Malformed(_("result.score: %(raw)s does not lie between %(low)s and %(high)s.")
                        % {"raw": f"{raw:g}", "low": f"{low:g}", "high": f"{high:g}"})  # fmt: skip
    return (raw - low) / (high - low)


def _mastery(context: Any) -> float | None:
    extensions = _object(_object(context, "context").get("extensions", {}), "context.extensions")
    mastery = _number(extensions.get(MASTERY), "context.extensions.masteryscore")
    if mastery is not None and not 0 <= mastery <= 1:
        raise Malformed(_("The mastery score is %(n)s; it lies between 0 and 1.") % {"n": f"{mastery:g}"})
    return mastery
