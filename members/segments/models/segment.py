"""A named group of members, the versions of its rule, and the segments that a rule names."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.runtime.database.constraints import one_of, positive
from crm.staff.models import Staff


class Kind(models.TextChoices):
    """How members come into a segment.

    RULE: whoever matches, always up to date. LIST: whose ids were uploaded. FROZEN: whoever matched at an
    instant, for good.
    """

    RULE = "rule", _("Rule")
    LIST = "list", _("Uploaded list")
    FROZEN = "frozen", _("Frozen")


class SegmentQuerySet(models.QuerySet["Segment"]):
    """Named reads of segments."""

    def existing(self) -> SegmentQuerySet:
        """Those that nobody has deleted."""
        return self.filter(deleted_at=None)

    def kept(self) -> SegmentQuerySet:
        """Those whose members follow the facts: computed once, and since then kept up to date."""
        return self.existing().filter(kind=Kind.RULE, computed_at__isnull=False)

    def to_compute(self) -> SegmentQuerySet:
        """Those whose members have to be computed from all members; failed ones wait to be tried again."""
        return self.existing().exclude(kind=Kind.LIST).filter(computed_at=None, failed_at=None)


class Segment(models.Model):
    """A segment. `rule` is the JSON of members.rules in its canonical form, NULL for a LIST.

    `computed_at` is the instant as of which the members were computed for the current version; NULL: still
    to be done, and what is stored is that of an earlier version. `writers` is the id of the oldest
    transaction that may have begun to write facts before the version was known to the triggers: members are
    computed once all before it are over. `began_at` is when members were first known. `failure` is a code
    (members.segments.sentences.refusals words each) of what went wrong at `failed_at`. `as_of` is the instant
    at which a FROZEN segment's rule was asked. `ready_made` names the ready-made segment it was created from.
    """

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=6, choices=Kind)
    why = models.CharField(max_length=500, blank=True)
    rule = models.JSONField(null=True)
    as_of = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    ready_made = models.CharField(max_length=60, blank=True)
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)
    deleted_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    computed_at = models.DateTimeField(null=True)
    writers = models.BigIntegerField(null=True)
    began_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=20, blank=True)
    failed_at = models.DateTimeField(null=True)

    objects = SegmentQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("kind", Kind, model="segment"),
            positive("version", model="segment"),
            models.CheckConstraint(name="segment_has_a_name", condition=~Q(name="")),
            models.UniqueConstraint(fields=["name"], condition=Q(deleted_at=None), name="segment_name_once"),
            models.CheckConstraint(
                name="segment_list_has_no_rule",
                condition=Q(kind=Kind.LIST, rule=None) | (~Q(kind=Kind.LIST) & Q(rule__isnull=False)),
            ),
            models.CheckConstraint(
                name="segment_frozen_at_an_instant",
                condition=Q(kind=Kind.FROZEN, as_of__isnull=False) | (~Q(kind=Kind.FROZEN) & Q(as_of=None)),
            ),
            models.CheckConstraint(
                name="segment_deleted_by_somebody",
                condition=Q(deleted_at=None, deleted_by=None)
                | Q(deleted_at__isnull=False, deleted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="segment_failed_with_a_code",
                condition=Q(failed_at=None, failure="")
                | (Q(failed_at__isnull=False, computed_at=None) & ~Q(failure="")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_computing(self) -> bool:
        """Whether members are still to be computed for the current version."""
        return self.computed_at is None and self.failed_at is None


class Version(models.Model):
    """What a segment was from `made_at` on; written once. `rule` is NULL for a LIST."""

    withheld = ("UPDATE", "DELETE")

    segment = models.ForeignKey(Segment, on_delete=models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    why = models.CharField(max_length=500, blank=True)
    rule = models.JSONField(null=True)
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            positive("number", model="version"),
            models.UniqueConstraint(fields=["segment", "number"], name="version_of_segment_once"),
        ]


class Reference(models.Model):
    """The current rule of `segment` names the segment `names`."""

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="references", db_index=False)
    names = models.ForeignKey(Segment, on_delete=models.PROTECT, related_name="named_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["segment", "names"], name="reference_once"),
            models.CheckConstraint(name="reference_not_to_itself", condition=~Q(segment=F("names"))),
        ]
