"""What is left to evaluate, and kept numbers of segments."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from crm.runtime.database.constraints import not_negative
from members.profiles.models import Member
from members.segments.models.segment import Segment


class Read(models.Model):
    """The rule of a segment reads a table: changes of it mark their members. Triggers look here first."""

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="reads", db_index=False)
    table_name = models.CharField(max_length=63)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["segment", "table_name"], name="read_once")]


class Dirty(models.Model):
    """Facts in `source`, a table, changed of a member (NULL: of any): the latest of them is of `at` or `day`.

    Both NULL: of the instant at which it is evaluated. Rows are only added and deleted, never updated: two
    writers never wait for each other.
    """

    member_id = models.BigIntegerField(null=True)
    source = models.CharField(max_length=63)
    at = models.DateTimeField(null=True)
    day = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["member_id"], name="segments_dirty_of_member")]


class Due(models.Model):
    """The first instant at which time alone may change whether a member is in a segment."""

    pk = models.CompositePrimaryKey("member_id", "segment_id")
    member = models.ForeignKey(Member, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    segment = models.ForeignKey(Segment, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    due_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["segment", "due_at"], name="segments_due_by_time")]


class Tally(models.Model):
    """Members who joined and left a segment on a platform day, in parts: sum them up.

    `rebased` are those who came (or, below zero, went) because a version was computed. The sum of
    joined - left + rebased over all days is the number of members.
    """

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, db_index=False)
    day = models.DateField()
    joined = models.BigIntegerField(default=0, db_default=0)
    left = models.BigIntegerField(default=0, db_default=0)
    rebased = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            not_negative("joined", model="tally"),
            not_negative("left", model="tally"),
            models.CheckConstraint(name="tally_of_something", condition=~Q(joined=0, left=0, rebased=0)),
        ]
        indexes = [models.Index(fields=["segment", "day"], name="tally_by_day")]


class Summary(models.Model):
    """Assets and stages of all members of a segment, as they were at `at`."""

    segment = models.OneToOneField(Segment, on_delete=models.CASCADE, primary_key=True)
    aum = models.DecimalField(max_digits=20, decimal_places=2)
    stages = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [not_negative("aum", model="summary")]
