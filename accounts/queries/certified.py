"""The milestone *Accounts certified*: clean in their hierarchy, alike in all systems, and once each (T9)."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Account, AgreementSetting
from accounts.queries.agreement import last_agreement, sources_with_accounts
from crm_adoption.kit import words
from dataquality.models import Finding, Pair, Record
from dataquality.queries.matching import last_run, last_threshold

SLUG = Account._meta.label_lower


@dataclass(frozen=True)
class Condition:
    """One thing that must hold; None where nothing is known of it yet."""

    name: str
    holds: bool | None
    sentence: str
    url: str


def certified() -> list[Condition]:
    """What must hold of accounts before anything is built on them; they are certified where every condition holds."""
    return [_hierarchy(), _agreement(), _once()]


def _hierarchy() -> Condition:
    name, url = _("The hierarchy is clean"), f"{reverse('findings')}?table={SLUG}&field=parent&state=open"
    if not Account.objects.filter(state=Record.State.LIVE).exists():
        return Condition(name, None, _("No account has been imported."), reverse("batch-new"))
    n = Finding.objects.open().filter(table=SLUG, field="parent").count()
    sentence = ngettext(
        "%(n)s parent is unknown, missing or leads in a circle.", "%(n)s parents are unknown, missing or lead in a"
        " circle.", n,
    ) if n else _("Every parent is known, and none leads in a circle.")  # fmt: skip
    return Condition(name, n == 0, sentence % {"n": words.number(n)} if n else sentence, url)


def _agreement() -> Condition:
    name, url = _("The systems agree"), reverse("account-agreement")
    setting, last = AgreementSetting.now(), last_agreement()
    if len(sources_with_accounts()) == 1:
        return Condition(name, True, _("One system holds accounts; there is none to disagree with."), url)
    if last is None or last.rate is None:
        sentence = _("No account is known to stand in two systems: confirm duplicates between them, or set a key.")
        return Condition(name, None, sentence, reverse("duplicates"))
    said = {"rate": words.percent(last.rate), "target": words.percent(setting.target), "n": words.number(last.linked)}
    sentence = _("%(rate)s of the cells of %(n)s accounts that several systems hold agree; %(target)s is wanted.")
    return Condition(name, last.rate >= setting.target, sentence % said, url)


def _once() -> Condition:
    name, url = _("Each stands there once"), f"{reverse('duplicates')}?table={SLUG}"
    if last_run(SLUG) is None:
        return Condition(name, None, _("Nobody has looked for duplicates of accounts."), reverse("duplicate-runs"))
    threshold = last_threshold(SLUG)
    waiting = Pair.objects.between(SLUG).filter(state__in=(Pair.State.OPEN, Pair.State.LATER))
    n = waiting.filter(probability__gte=threshold).count() + _called_the_same()
    said = {"n": words.number(n), "p": words.percent(threshold)}
    sentence = ngettext(
        "%(n)s pair is a duplicate with %(p)s or more and waits for an answer or a merge.",
        "%(n)s pairs are duplicates with %(p)s or more and wait for an answer or a merge.", n,
    ) if n else _("No pair that is a duplicate with %(p)s or more waits for an answer or a merge.")  # fmt: skip
    return Condition(name, n == 0, sentence % said, url)


def _called_the_same() -> int:
    """Pairs within one source that people called the same, and that are not merged yet."""
    same = Pair.objects.between(SLUG).filter(state=Pair.State.SAME).values_list("a", "b")
    ends = {end for pair in same for end in pair}
    home = dict(Account.objects.filter(pk__in=ends, state=Record.State.LIVE).values_list("pk", "source_id"))
    return sum(a in home and b in home and home[a] == home[b] for a, b in same)
