"""The agenda of an adoption workshop (P2), made from the gaps of today: what is weakest gets the most time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from crm_adoption.kit import words
from crm_adoption.plan.handouts.facts import Facts, action_words, evidence_words, removes_words
from crm_adoption.plan.queries.actions import Action

GAPS_SHOWN = 3  # ingredients that get an hour's share each; more is no workshop
GATES_SHOWN, PROMISES_SHOWN, TOPICS_SHOWN = 3, 4, 5
BREAK_AFTER = 90  # minutes


@dataclass(frozen=True)
class Block:
    """One part of the day: how long, what about, and the sentences it begins with."""

    minutes: int
    title: str
    sentences: Sequence[str] = ()


@dataclass(frozen=True)
class Workshop:
    """A workshop with the beginning of each of its blocks."""

    starts_at: datetime
    blocks: Sequence[Block]

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=sum(block.minutes for block in self.blocks))

    @property
    def timed(self) -> list[tuple[datetime, Block]]:
        found, at = [], self.starts_at
        for block in self.blocks:
            found.append((at, block))
            at += timedelta(minutes=block.minutes)
        return found


def workshop(facts: Facts, starts_at: datetime) -> Workshop:
    """Where we stand, the weakest ingredients, shut gates, promises, other companies, decisions; with breaks."""
    blocks = [Block(15, _("Where we stand"), [facts.risk_sentence, facts.promises_sentence])]
    weakest = sorted(facts.actions, key=lambda one: (-one.removes, one.state.ingredient.order))[:GAPS_SHOWN]
    blocks += [Block(30, str(action.state.ingredient), _gap(action)) for action in weakest]
    shut = [one for one in facts.phases if not one.gate.may_open][:GATES_SHOWN]
    if shut:
        blocks.append(Block(20, _("What keeps the next phases shut"), [
            _("%(phase)s: %(n)s things are missing, first: %(first)s") % {
                "phase": one.phase, "n": len(one.gate.missing), "first": one.gate.missing[0].sentence,
            }
            for one in shut
        ]))  # fmt: skip
    if facts.sealed:
        blocks.append(Block(15, _("What we cannot know yet"), [
            _("%(report)s is sealed. %(why)s") % {"report": report.title, "why": " ".join(report.reasons[:2])}
            for report in facts.sealed
        ]))  # fmt: skip
    late = [topic.sentence for topic in facts.topics if topic.kind != "data"][:TOPICS_SHOWN]
    people = [facts.answering_sentence, *late]
    blocks.append(Block(20, _("What people wait for"), people))
    blocks.append(Block(20, _("What other companies do"), [
        _("Who has solved one of today's gaps elsewhere? Write down one name for each, and who calls them."),
    ]))  # fmt: skip
    blocks.append(Block(20, _("Decisions and next steps"), [
        _("Each decision names who does it and until when; it becomes a work item of the plan."), facts.cycle_sentence,
    ]))  # fmt: skip
    return Workshop(starts_at, _with_breaks(blocks))


def _gap(action: Action) -> list[str]:
    state = action.state
    said = [_("Evidence: %(evidence)s. Bringing it to strong %(removes)s.") % {
        "evidence": evidence_words(state), "removes": removes_words(action),
    }]  # fmt: skip
    if state.claim is not None:
        said.append(_("What people say of it: %(claim)s (%(n)s answers).") % {
            "claim": words.percent(state.claim, 0), "n": state.answers,
        })  # fmt: skip
    unmeasured = [one.check.label for one in state.checks if one.attainment is None]
    if unmeasured:
        said.append(_("Not measured: %(checks)s.") % {"checks": ", ".join(unmeasured)})
    said.append(_("First step: %(what)s") % {"what": action_words(action)})
    return said


def _with_breaks(blocks: Sequence[Block]) -> list[Block]:
    found: list[Block] = []
    sat = 0
    for block in blocks:
        if sat and sat + block.minutes > BREAK_AFTER:
            found.append(Block(15, _("Break")))
            sat = 0
        found.append(block)
        sat += block.minutes
    return found
