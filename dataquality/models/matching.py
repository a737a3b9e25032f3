"""What duplicate detection found and what people said of it: runs, pairs, clusters, judgements, rules, keys."""

from __future__ import annotations

from math import log

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, Ln
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit.models import Stamped
from dataquality.models.sources import Source

NEARLY_SURE = 1 - 1e-6  # stored probabilities are rounded, and none of them is certainty
REACH = 1.0 + Ln(Cast(F("blast_radius"), models.FloatField()) + 1.0) / log(2)  # model.md 3.1: 1 + log2(1 + B)


class MatchRun(models.Model):
    """One detection over a table, or over two tables side by side (contacts against leads)."""

    class Kind(models.TextChoices):
        FULL = "full", _("everything")
        CHANGES = "changes", _("what changed since the last run")

    table = models.CharField(max_length=80)
    beside = models.CharField(max_length=80, blank=True, help_text="The other table, where two are compared.")
    kind = models.CharField(max_length=10, choices=Kind)
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    rows = models.BigIntegerField(default=0, help_text="Live records compared.")
    changed = models.BigIntegerField(default=0, help_text="Of them, those that are new or changed since the last run.")
    pairs = models.BigIntegerField(default=0)
    clusters = models.BigIntegerField(default=0, help_text="Of two records or more.")
    threshold = models.FloatField(default=0.5, help_text="Probability from which a pair joins two records.")
    model = models.JSONField(default=dict, blank=True, help_text="Levels, weights and passes, as the engine has them.")
    learnt_in = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="+",
        help_text="The run whose model it used; null where it learnt its own.",
    )  # fmt: skip
    stages = models.JSONField(default=dict, blank=True, help_text="Seconds by stage.")
    log = models.JSONField(default=list, blank=True, help_text="What the engine says of its run, in sentences.")
    births = models.JSONField(default=dict, blank=True, help_text="By source: new records, and duplicates among them.")
    snapshot = models.TextField(blank=True, help_text="The store's moment: what it does not show has changed since.")

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(name="dataquality_matchrun_of", fields=["table", "beside", "-id"])]

    def __str__(self) -> str:
        return f"Detection {self.pk} in {self.table}"

    @property
    def taught_by(self) -> int:
        """The number of the run whose model weighs its pairs."""
        return self.learnt_in_id or self.pk


class PairQuerySet(models.QuerySet["Pair"]):
    def open(self) -> PairQuerySet:
        return self.filter(state=Pair.State.OPEN)

    def between(self, table: str, beside: str = "") -> PairQuerySet:
        """The pairs within a table, or between two of them in whichever order."""
        table_a, table_b = sorted((table, beside or table))
        return self.filter(table_a=table_a, table_b=table_b)

    def touching(self, table: str, record_id: int) -> PairQuerySet:
        """The pairs in which one record stands."""
        return self.filter(Q(table_a=table, a=record_id) | Q(table_b=table, b=record_id))


class Pair(models.Model):
    """Two records that may be one, with the probability of it and the levels at which their columns agree.

    Within one table `a` < `b`; between two tables `table_a` < `table_b`, so that a pair is stored once.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        SAME = "same", _("same")
        DIFFERENT = "different", _("different")
        LATER = "later", _("later")
        MERGED = "merged", _("merged")

    run = models.ForeignKey(  # written with its pairs: the store need not look at each of a million of them
        MatchRun, models.CASCADE, related_name="found", db_constraint=False, db_index=False,
        help_text="The last run that scored it.",
    )  # fmt: skip
    table_a = models.CharField(max_length=80)
    a = models.BigIntegerField()
    table_b = models.CharField(max_length=80)
    b = models.BigIntegerField()
    probability = models.FloatField(help_text="0 to 1, calibrated.")
    weight = models.FloatField(help_text="Bits for (above 0) or against.")
    pattern = models.BigIntegerField(null=True, help_text="Levels by column, packed by the run's model.")
    rule = models.CharField(max_length=120, blank=True, help_text="The matching rule that gave it, in rule mode.")
    joined = models.BooleanField(default=False, help_text="Its records stand in one cluster.")
    blast_radius = models.IntegerField(default=0, help_text="Records that point at either of the two.")
    priority = models.GeneratedField(
        expression=F("probability") * REACH, output_field=models.FloatField(), db_persist=True,
        help_text="How sure and how far it reaches: probability x (1 + log2(1 + blast radius)).",
    )  # fmt: skip
    learns = models.GeneratedField(
        expression=F("probability") * (1.0 - F("probability")) * REACH, output_field=models.FloatField(),
        db_persist=True, help_text="How much an answer teaches: p (1 - p) x (1 + log2(1 + blast radius)).",
    )  # fmt: skip
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    judged_at = models.DateTimeField(null=True, blank=True)

    objects = PairQuerySet.as_manager()

    class Meta:
        ordering = ["-probability", "-pk"]
        constraints = [
            models.UniqueConstraint(name="dataquality_pair_once", fields=["table_a", "a", "table_b", "b"]),
            models.CheckConstraint(
                name="dataquality_pair_in_order",
                condition=Q(table_a__lt=F("table_b")) | Q(table_a=F("table_b"), a__lt=F("b")),
            ),
        ]
        indexes = [  # none for the other two orders of the queue: it would cost a detection a second a million records
            models.Index(
                name="dataquality_pair_queue", fields=["table_a", "table_b", "-probability", "-id"],
                condition=Q(state="open"),
            ),
            models.Index(name="dataquality_pair_b", fields=["table_b", "b"]),
            models.Index(name="dataquality_pair_judge", fields=["judged_by"], condition=Q(judged_by__isnull=False)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.table_a} {self.a} and {self.table_b} {self.b}"

    @property
    def chance(self) -> float:
        """Its probability as people are told it: never quite 1."""
        return min(self.probability, NEARLY_SURE)


class Membership(models.Model):
    """Which cluster of one table a record stands in; only clusters of two or more are stored.

    A cluster's id is the id of its oldest member when it was first found, and it keeps it through later runs.
    """

    table = models.CharField(max_length=80)
    record_id = models.BigIntegerField()
    cluster_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(name="dataquality_membership_once", fields=["table", "record_id"])]
        indexes = [models.Index(name="dataquality_membership_of", fields=["table", "cluster_id"])]

    def __str__(self) -> str:
        return f"{self.table} {self.record_id} in cluster {self.cluster_id}"


class Acceptance(models.Model):
    """All open pairs from a probability on, to be accepted at once: the sample that is judged first, and the result.

    Nothing is accepted before every pair of the sample has its answer.
    """

    table = models.CharField(max_length=80)
    beside = models.CharField(max_length=80, blank=True)
    above = models.FloatField(help_text="Probability from which pairs are accepted.")
    sample = ArrayField(models.BigIntegerField(), help_text="Pairs drawn at random, to be judged one by one.")
    reached = models.BigIntegerField(help_text="Open pairs from that probability on when the sample was drawn.")
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    drawn_at = models.DateTimeField()
    accepted = models.BigIntegerField(null=True, blank=True, help_text="Pairs accepted with it.")
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"Pairs of {self.table} from {self.above:.0%} on"


class Judgement(models.Model):
    """What a person said of two records, remembered by source and external id through every re-import.

    The side with the smaller (table, source, external id) stands first.
    """

    class Verdict(models.TextChoices):
        SAME = "same", _("same")
        DIFFERENT = "different", _("different")

    table_a = models.CharField(max_length=80)
    source_a = models.ForeignKey(Source, models.CASCADE, related_name="+")
    external_a = models.CharField(max_length=255)
    table_b = models.CharField(max_length=80)
    source_b = models.ForeignKey(Source, models.CASCADE, related_name="+")
    external_b = models.CharField(max_length=255)
    verdict = models.CharField(max_length=10, choices=Verdict)
    reason = models.TextField(blank=True)
    probability = models.FloatField(null=True, help_text="What the engine thought at the time.")
    pattern = models.BigIntegerField(null=True)
    held_back = models.BooleanField(default=False, help_text="Never taught; measures what teaching does.")
    acceptance = models.ForeignKey(
        Acceptance, models.SET_NULL, null=True, blank=True, related_name="judgements",
        help_text="Accepted with many others and not looked at: neither taught nor measured with.",
    )  # fmt: skip
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    judged_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                name="dataquality_judgement_once",
                fields=["table_a", "source_a", "external_a", "table_b", "source_b", "external_b"],
            )
        ]
        indexes = [models.Index(name="dataquality_judgement_b", fields=["table_b", "source_b", "external_b"])]

    def __str__(self) -> str:
        return f"{self.external_a} and {self.external_b}: {self.verdict}"


class MatchRule(Stamped):
    """A steward's own rule: pairs for which every criterion holds go to the queue beside the engine's."""

    table = models.CharField(max_length=80)
    name = models.CharField(max_length=120)
    criteria = models.JSONField(help_text="[{column, how: exact | first | last | same_date, length, ignore_blank}]")
    published = models.BooleanField(default=False)

    class Meta:
        ordering = ["table", "name"]
        constraints = [models.UniqueConstraint(name="dataquality_matchrule_once", fields=["table", "name"])]

    def __str__(self) -> str:
        return self.name


class KeyIndex(models.Model):
    """The keys kept for checking on create: one row a table; the keys themselves stand in tables of their own.

    `dataquality_keys_<number>` holds (key, record id), `dataquality_added_<number>` those that came with writes to the
    records since, `dataquality_lines_<number>` the record in one spelling, and whether its stored pairs were found by
    it. They are made anew as a whole. Keys that no longer hold only bring a candidate that is then compared.
    """

    table = models.CharField(max_length=80, unique=True)
    run = models.ForeignKey(MatchRun, models.CASCADE, related_name="+", help_text="Whose model makes and weighs keys.")
    number = models.BigIntegerField(help_text="Which of the key tables is in use.")
    layout = models.JSONField(default=list, help_text="What a line holds, in its order.")
    keys = models.BigIntegerField(default=0)
    made_at = models.DateTimeField()
    snapshot = models.TextField(help_text="The store's moment: records it does not show may lack keys.")
    cut = models.JSONField(
        default=dict, blank=True, db_default=models.Value({}, models.JSONField()),
        help_text="The detection that is being compared in shards: {number, of, snapshot}.",
    )  # fmt: skip

    def __str__(self) -> str:
        return f"Keys of {self.table}"

    @property
    def key_table(self) -> str:
        return f"dataquality_keys_{self.number}"

    @property
    def added_table(self) -> str:
        return f"dataquality_added_{self.number}"

    @property
    def line_table(self) -> str:
        return f"dataquality_lines_{self.number}"
