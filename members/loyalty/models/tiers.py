"""Tiers of members: policies by version, overrides, where each member stands, and how it came to that."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.runtime.database.constraints import not_negative, one_of, positive
from crm.runtime.models import QueueItem
from crm.staff.models import Staff
from members.loyalty.models.programme import Programme, Tier
from members.profiles.models import Member

LONGEST_DAYS = 3660


class Metric(models.TextChoices):
    """What a tier is reached by."""

    MONTH_AVERAGE = "average", _("Monthly average AUM")
    DAY_END = "day_end", _("End-of-day AUM")
    POINTS = "points", _("Points earned in a period")
    ALL = "all", _("All of several metrics")
    ANY = "any", _("Any of several metrics")


class Review(models.TextChoices):
    DAILY = "daily", _("Daily")
    MONTH_END = "month_end", _("At month end")


class Upgrade(models.TextChoices):
    AT_ONCE = "at_once", _("Immediately")
    AT_REVIEW = "at_review", _("At the review")


class Downgrade(models.TextChoices):
    NONE = "none", _("Never")
    ONE_STEP = "one_step", _("One tier at a time")
    FULL = "full", _("To the tier reached")


class TierPolicy(models.Model):
    """The rules of a programme's tiers from the start of platform day `effective_from` on; written once.

    Of two versions of one day the higher applies. `thresholds` is a list of {"tier": id, "average": text,
    "day_end": text, "points": number}, money in platform currency, the lowest tier first; it has only
    what the metric reads. Facts of a platform day count from the start of the next day on. Points are those
    earned within `window_days`. A downgrade waits `grace_days` after the review that brings it, and is never
    within `protect_days` of an upgrade; it is announced `notice_days` before. Every version after the first
    is brought by an approved request.
    """

    withheld = ("UPDATE", "DELETE")

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="policies", db_index=False
    )
    version = models.PositiveIntegerField()
    effective_from = models.DateField()
    metric = models.CharField(max_length=8, choices=Metric)
    review = models.CharField(max_length=10, choices=Review)
    upgrade = models.CharField(max_length=10, choices=Upgrade)
    downgrade = models.CharField(max_length=10, choices=Downgrade)
    window_days = models.PositiveIntegerField(default=365)
    grace_days = models.PositiveIntegerField(default=0)
    protect_days = models.PositiveIntegerField(default=0)
    notice_days = models.PositiveIntegerField(default=7)
    thresholds = models.JSONField()
    note = models.CharField(max_length=500, blank=True, default="")
    request_id = models.BigIntegerField(null=True, unique=True)  # approved; empty for the first version
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "version"], name="tierpolicy_version_once"),
            positive("version", model="tierpolicy"),
            positive("window_days", model="tierpolicy"),
            one_of("metric", Metric, model="tierpolicy"),
            one_of("review", Review, model="tierpolicy"),
            one_of("upgrade", Upgrade, model="tierpolicy"),
            one_of("downgrade", Downgrade, model="tierpolicy"),
            models.CheckConstraint(
                name="tierpolicy_days_within_reason",
                condition=Q(
                    window_days__lte=LONGEST_DAYS,
                    grace_days__lte=LONGEST_DAYS,
                    protect_days__lte=LONGEST_DAYS,
                    notice_days__lte=366,
                ),
            ),
        ]


class TierOverride(models.Model):
    """A tier given to a member by two people from the start of a day until the start of another.

    Then the tier by the rules returns by itself. Of several that apply on a day the last one made counts.
    Written once.
    """

    withheld = ("UPDATE", "DELETE")

    pk = models.CompositePrimaryKey("member_id", "id")
    member = models.ForeignKey(Member, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    id = models.BigIntegerField(db_default=Func(Value("loyalty_tieroverride_id"), function="nextval"))
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+", db_index=False)
    tier = models.ForeignKey(Tier, on_delete=models.PROTECT, related_name="+", db_index=False)
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = models.CharField(max_length=500)
    request_id = models.BigIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "request_id"], name="tieroverride_of_a_request"),
            models.CheckConstraint(
                name="tieroverride_ends_after_start", condition=Q(ends_on__gt=F("starts_on"))
            ),
            models.CheckConstraint(name="tieroverride_has_a_reason", condition=~Q(reason="")),
        ]


class TierStanding(models.Model):
    """The tier of a member in a programme as of `evaluated_on`, and how long that answer holds.

    `earned` is the tier by the rules, `tier` the one that counts (an override may differ). A downgrade to
    `pending` comes on `pending_on` unless a review finds the tier kept. `falls_on`: the next downgrade if
    no fact changes; `noticed_on` the one that was announced. The answer holds until the start of `due_on`;
    valuations of `evaluated_on` and later within [aum_low, aum_high] (NULL = no bound) do not change it.
    `metrics` are the values last compared, with their days: {"average", "month", "day_end", "day", "points"}.
    """

    pk = models.CompositePrimaryKey("member_id", "programme_id")
    member = models.ForeignKey(Member, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    programme = models.ForeignKey(
        Programme, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    tier = models.ForeignKey(
        Tier, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    earned = models.ForeignKey(
        Tier, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    since = models.DateTimeField()
    protected_until = models.DateField(null=True)
    steps_from = models.DateField(null=True)  # before it no further step down is judged
    pending = models.ForeignKey(
        Tier, on_delete=models.DO_NOTHING, related_name="+", null=True, db_constraint=False, db_index=False
    )
    pending_on = models.DateField(null=True)
    pending_inputs = models.JSONField(null=True)  # what the review compared that brings it
    falls_on = models.DateField(null=True)
    falls_to = models.ForeignKey(
        Tier, on_delete=models.DO_NOTHING, related_name="+", null=True, db_constraint=False, db_index=False
    )
    noticed_on = models.DateField(null=True)
    policy_version = models.PositiveIntegerField()
    evaluated_on = models.DateField()
    due_on = models.DateField(null=True)
    aum_low = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    aum_high = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    metrics = models.JSONField()

    class Meta:
        constraints = [
            not_negative("aum_low", model="tierstanding"),
            not_negative("aum_high", model="tierstanding"),
            models.CheckConstraint(
                name="tierstanding_pending_with_its_day",
                condition=Q(pending=None, pending_on=None)
                | Q(pending__isnull=False, pending_on__isnull=False),
            ),
            models.CheckConstraint(
                name="tierstanding_falls_with_its_day",
                condition=Q(falls_to=None, falls_on=None) | Q(falls_to__isnull=False, falls_on__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on", "member"], condition=Q(due_on__isnull=False), name="tierstanding_due"
            ),
            models.Index(fields=["programme", "tier", "member"], name="tierstanding_by_tier"),
        ]


class ChangeReason(models.TextChoices):
    """Why a tier changed."""

    ENTERED = "entered", _("First review")
    REACHED = "reached", _("Threshold reached")
    NOT_KEPT = "not_kept", _("Threshold not kept")
    OVERRIDE = "override", _("Set by an override")
    RETURNED = "returned", _("Override ended")


class TierChange(models.Model):
    """A change of a member's tier, from the start of a platform day on.

    Append-only; a later fact may only mark it superseded.
    `inputs` are the metrics that were compared, with the days of the data, and the policy's threshold.
    """

    withheld = ("DELETE",)

    pk = models.CompositePrimaryKey("member_id", "id")
    member = models.ForeignKey(Member, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    id = models.BigIntegerField(db_default=Func(Value("loyalty_tierchange_id"), function="nextval"))
    programme = models.ForeignKey(
        Programme, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    from_tier = models.ForeignKey(
        Tier, on_delete=models.DO_NOTHING, related_name="+", null=True, db_constraint=False, db_index=False
    )
    to_tier = models.ForeignKey(
        Tier, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    effective_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    reason = models.CharField(max_length=8, choices=ChangeReason)
    policy_version = models.PositiveIntegerField()
    inputs = models.JSONField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("reason", ChangeReason, model="tierchange"),
            models.UniqueConstraint(
                fields=["member", "programme", "effective_at"],
                condition=Q(superseded_at=None),
                name="tierchange_one_at_an_instant",
            ),
        ]
        indexes = [
            models.Index(
                fields=["programme", "effective_at"],
                condition=Q(superseded_at=None),
                name="tierchange_by_time",
            )
        ]


class TierDirty(models.Model):
    """A member whose facts of `since_day` and later changed. Rows are only added and deleted."""

    member_id = models.BigIntegerField()
    programme_id = models.BigIntegerField()
    since_day = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["programme_id", "member_id"], name="tierdirty_of_member")]


class TierSweep(models.Model):
    """All members are reviewed, since a policy starts on `day`: those up to `done_to` have been."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    done_to = models.BigIntegerField(default=0, db_default=0)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "day"], name="tiersweep_once")]


class TierTrial(models.Model):
    """A preview of a proposed policy: who would move. `values` has the rules and their day."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+", db_index=False)
    base_version = models.PositiveIntegerField()
    values = models.JSONField()
    requested_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_index=False)
    requested_at = models.DateTimeField()
    item = models.OneToOneField(  # of the queue, which deletes it once the trial is over
        QueueItem, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    done = models.PositiveIntegerField(default=0, db_default=0)  # members
    total = models.PositiveIntegerField(null=True)
    finished_at = models.DateTimeField(null=True)
    failed = models.BooleanField(default=False, db_default=False)
    result = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["programme", "-requested_at"], name="tiertrial_latest")]
