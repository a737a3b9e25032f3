"""What the pages and the reports want to know of the people at customers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from accounts.models import Opportunity
from accounts.queries import live_deals
from contacts import choices
from contacts.models import Contact, ContactRole, Lead, LifecyclePolicy, RoleCall
from crm_adoption.people.models import Person
from dataquality.models import FieldSetting, Source


@dataclass(frozen=True)
class Coverage:
    """Open deals, and those of them on which at least one contact has a role; `people` own them."""

    name: str
    people: int
    deals: int
    covered: int

    @property
    def rate(self) -> float | None:
        return self.covered / self.deals if self.deals else None


def open_deals(source: Source | None) -> QuerySet[Opportunity]:
    """Open deals, each with whether a live contact role is on it."""
    roles = ContactRole.objects.live().filter(opportunity=OuterRef("pk"))
    return live_deals(source).filter(outcome=Opportunity.Outcome.OPEN).annotate(covered=Exists(roles))


def coverage(source: Source | None = None) -> Coverage:
    found = open_deals(source).aggregate(n=Count("pk"), on=Count("pk", filter=Q(covered=True)))
    return Coverage("", 0, found["n"], found["on"])


def coverage_by_team(source: Source | None = None) -> list[Coverage]:
    """By the owner's team, in the order of names; "" are the deals whose owner has none."""
    rows = (
        open_deals(source)
        .order_by()
        .values(team=Coalesce("owner__team__name", Value("")))
        .annotate(people=Count("owner", distinct=True), n=Count("pk"), on=Count("pk", filter=Q(covered=True)))
        .order_by("team")
    )
    return [Coverage(row["team"], row["people"], row["n"], row["on"]) for row in rows]


def coverage_of(owner: Person, source: Source | None = None) -> Coverage:
    """One's own deals, for nobody else to see."""
    own = open_deals(source).filter(owner=owner)
    found = own.aggregate(n=Count("pk"), on=Count("pk", filter=Q(covered=True)))
    return Coverage(owner.name, 1, found["n"], found["on"])


def ruled_exits() -> tuple[int, int] | None:
    """Of the six ways out of the data, those that say what tells them and who answers for them; None before any is
    written down."""
    if not LifecyclePolicy.objects.exists():
        return None
    ruled = LifecyclePolicy.objects.exclude(rule="").filter(owner__isnull=False, owner__left_on=None)
    return ruled.count(), len(LifecyclePolicy.Trigger)


def due_exits(trigger: LifecyclePolicy.Trigger) -> int:
    """Live records that should have left by this way, as far as the mirror tells."""
    Standing, Trigger = Contact.Standing, LifecyclePolicy.Trigger
    if trigger is Trigger.CLOSED:
        return int(Contact.objects.live().exclude(account=None).exclude(account__state="live").count())
    if trigger is Trigger.UNQUALIFIED:
        unqualified = Lead.objects.live().filter(status__iregex=r"^(dis|un)qualified")
        return int(unqualified.count() + Contact.objects.live().filter(standing=Standing.UNQUALIFIED).count())
    standings = {
        Trigger.LEFT: (Standing.LEFT,), Trigger.DECEASED: (Standing.DECEASED,), Trigger.LOST: (Standing.LOST,),
        Trigger.SILENT: (Standing.UNRESPONSIVE, Standing.HOSTILE),
    }[trigger]  # fmt: skip
    return int(Contact.objects.live().filter(standing__in=standings).count())


DEALS_A_CALL, CONTACTS_SHOWN = 5, 6
FIRST_ROLES = ("Decision Maker", "Influencer", "Executive Sponsor", "Champion", "End User", "Blocker", "Other")


@dataclass(frozen=True)
class Asked:
    """One of one's own open deals on which nobody plays a part, and who might: the contacts of its account."""

    deal: Opportunity
    contacts: Sequence[Contact]
    more: int  # contacts of the account that are not shown


def roles_offered() -> list[str]:
    """The closed list of the field where a steward wrote one, else the parts that most deals need, in English."""
    setting = FieldSetting.objects.filter(table="contacts.contactrole", field="role").first()
    return (setting.listed if setting else []) or [one for one in FIRST_ROLES if one in choices.ROLES]


def candidates_of(deal: Opportunity) -> QuerySet[Contact]:
    """Live contacts of the deal's account, whoever was touched last first."""
    if deal.account_id is None:
        return Contact.objects.none()
    found: QuerySet[Contact] = Contact.objects.live().filter(account=deal.account_id, standing=Contact.Standing.ACTIVE)
    return found.order_by(F("last_touched_at").desc(nulls_last=True), "full_name", "pk")


def to_call(owner: Person, today: date) -> QuerySet[Opportunity]:
    """One's own open deals without a contact role and without an answer, those that close next first."""
    said = RoleCall.objects.filter(opportunity=OuterRef("pk")).filter(
        Q(contact__isnull=False) | Q(ask_again_on__gt=today)
    )
    mine = open_deals(None).filter(Q(covered=False), ~Exists(said), owner=owner).select_related("account")
    return mine.order_by(F("close_on").asc(nulls_last=True), "-amount", "pk")


def role_call(owner: Person, today: date) -> list[Asked]:
    """Five deals at a time; two queries besides one a deal."""
    found = []
    for deal in to_call(owner, today)[:DEALS_A_CALL]:
        contacts = list(candidates_of(deal)[: CONTACTS_SHOWN + 1])
        more = candidates_of(deal).count() - CONTACTS_SHOWN if len(contacts) > CONTACTS_SHOWN else 0
        found.append(Asked(deal, contacts[:CONTACTS_SHOWN], more))
    return found


def unlanded_calls(owner: Person | None = None) -> QuerySet[RoleCall]:
    """Answers that no export has brought back yet, of one person or of all."""
    landed = ContactRole.objects.live().filter(opportunity=OuterRef("opportunity"), contact=OuterRef("contact"))
    said = RoleCall.objects.filter(contact__isnull=False).exclude(Exists(landed))
    if owner is not None:
        said = said.filter(said_by=owner)
    return said.select_related("opportunity__source", "contact", "said_by").order_by("opportunity__source", "pk")
