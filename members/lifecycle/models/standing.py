"""Where each member stands, and whose facts changed since."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from crm.runtime.database.constraints import not_negative, one_of
from members.lifecycle.models.stages import Stage, SubState
from members.profiles.models import Member


class Standing(models.Model):
    """Where a member stands: the answer of the last evaluation, its facts, and how long it holds.

    The row is made with the member; policy version 0 = not evaluated yet. `stage` is NULL for a
    member not known yet at `evaluated_at`. The answer holds without new facts until `due_at` (on
    platform day `due_on`); a newer valuation within [aum_low, aum_high] (NULL = no bound) does not
    change it. `rules` are the bits of decline rules that hold, `warnings` the bits of churn warnings
    (members.lifecycle.evaluation.bits). Transitions are complete from `recorded_from` on; `since` is NULL
    where the stage is older than that.
    """

    member = models.OneToOneField(
        Member, on_delete=models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="standing"
    )
    stage = models.CharField(max_length=12, choices=Stage, null=True)
    sub_state = models.CharField(max_length=8, choices=SubState, null=True)
    rules = models.SmallIntegerField(default=0)
    warnings = models.SmallIntegerField(default=0)
    since = models.DateTimeField(null=True)
    policy_version = models.PositiveIntegerField(default=0)
    evaluated_at = models.DateTimeField(null=True)
    evaluated_on = models.DateField(null=True)
    recorded_from = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    aum_low = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    aum_high = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    aum = models.DecimalField(max_digits=20, decimal_places=2, default=0)
    aum_on = models.DateField(null=True)
    first_invested_at = models.DateTimeField(null=True)
    last_trade_at = models.DateTimeField(null=True)
    last_login_at = models.DateTimeField(null=True)
    peak_aum = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    steady_since = models.DateField(null=True)
    closing_at = models.DateTimeField(null=True)
    complaint_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("stage", Stage, model="standing"),
            not_negative("aum", model="standing"),
            not_negative("peak_aum", model="standing"),
            one_of("sub_state", SubState, model="standing"),
        ]
        indexes = [
            # The order of lists too, so the member breaks ties: at one midnight thousands fall due.
            models.Index(fields=["due_at", "member"], name="standing_due"),
            models.Index(fields=["policy_version"], name="standing_by_policy"),
            # The list of members (crm.directory.list.index_scan): each order within a stage, stages merged.
            models.Index(fields=["stage", "aum", "member"], name="standing_by_stage_aum"),
            models.Index(fields=["stage", "since", "member"], name="standing_by_stage_since"),
            models.Index(
                fields=["aum", "member"], condition=Q(warnings__gt=0), name="standing_warned_by_aum"
            ),
        ]


class Dirty(models.Model):
    """A member whose facts changed between two instants (or, for valuations, platform days), both included.

    Taken off by the drain once the first of them has come. Rows are only added, never updated: two
    writers never wait for each other.
    """

    member_id = models.BigIntegerField()
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    since_day = models.DateField(null=True)
    until_day = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="dirty_by_instant_or_by_day",
                condition=Q(since__isnull=False, until__isnull=False, since_day=None)
                | Q(since=None, since_day__isnull=False, until_day__isnull=False),
            )
        ]
        indexes = [
            models.Index(fields=["member_id"], name="dirty_of_member"),
            models.Index(fields=["since"], condition=Q(since__isnull=False), name="dirty_by_instant"),
            models.Index(fields=["since_day"], condition=Q(since_day__isnull=False), name="dirty_by_day"),
        ]
