"""The five stages: policy, each member's standing, transitions, churn warnings, the dirty queue."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.runtime.constraints import not_negative, one_of, positive
from members.profiles.models import Member


class Stage(models.TextChoices):
    """The life stages, in the order a member goes through them."""

    ACQUISITION = "acquisition", _("Acquisition")
    ACTIVATION = "activation", _("Activation")
    GROWTH = "growth", _("Growth")
    MATURITY = "maturity", _("Maturity")
    DECLINE = "decline", _("Decline")


class SubState(models.TextChoices):
    STALLED = "stalled", _("Stalled")
    AT_RISK = "at_risk", _("At risk")
    DORMANT = "dormant", _("Dormant")
    CHURNED = "churned", _("Churned")


def _share(field: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=f"policy_{field}_is_a_share", condition=Q(**{f"{field}__gt": 0, f"{field}__lt": 1})
    )


class Policy(models.Model):
    """The thresholds in force from `effective_from` until the next version; never changed once written.

    Days are platform days; shares are fractions; money is platform currency. A version applies at
    instants from its `effective_from` on; of two with the same instant the higher version wins.
    """

    withheld = ("UPDATE", "DELETE")

    version = models.PositiveIntegerField(primary_key=True)
    effective_from = models.DateTimeField()
    stalled_days = models.PositiveIntegerField(default=7)
    warn_idle_days = models.PositiveIntegerField(default=30)
    idle_days = models.PositiveIntegerField(default=60)
    dormant_days = models.PositiveIntegerField(default=120)
    churned_days = models.PositiveIntegerField(default=365)
    fall_window_days = models.PositiveIntegerField(default=90)
    warn_fall_share = models.DecimalField(max_digits=5, decimal_places=4, default="0.2")
    fall_share = models.DecimalField(max_digits=5, decimal_places=4, default="0.4")
    fall_floor = models.DecimalField(max_digits=20, decimal_places=2, default="1000")
    signal_days = models.PositiveIntegerField(default=90)
    mature_aum = models.DecimalField(max_digits=20, decimal_places=2, default="200000")
    mature_days = models.PositiveIntegerField(default=90)
    mature_tenure_days = models.PositiveIntegerField(default=365)
    empty_aum = models.DecimalField(max_digits=20, decimal_places=2, default="1")
    note = models.CharField(max_length=500, blank=True)
    request_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            positive("version", model="policy"),
            positive("stalled_days", model="policy"),
            positive("warn_idle_days", model="policy"),
            positive("fall_window_days", model="policy"),
            positive("fall_floor", model="policy"),
            positive("signal_days", model="policy"),
            positive("mature_days", model="policy"),
            positive("mature_aum", model="policy"),
            not_negative("empty_aum", model="policy"),
            _share("warn_fall_share"),
            _share("fall_share"),
            models.CheckConstraint(
                name="policy_idle_days_rise",
                condition=Q(
                    warn_idle_days__lte=F("idle_days"),
                    idle_days__lte=F("dormant_days"),
                    dormant_days__lte=F("churned_days"),
                ),
            ),
            models.CheckConstraint(
                name="policy_warns_before_it_judges", condition=Q(warn_fall_share__lte=F("fall_share"))
            ),
            models.CheckConstraint(
                name="policy_days_within_reason",
                condition=Q(
                    stalled_days__lte=3660,
                    churned_days__lte=3660,
                    fall_window_days__lte=3660,
                    signal_days__lte=3660,
                    mature_days__lte=3660,
                    mature_tenure_days__lte=36600,
                ),
            ),
        ]
        indexes = [models.Index(fields=["effective_from"], name="policy_in_force")]


class Standing(models.Model):
    """Where a member stands: the answer of the last evaluation, its facts, and how long it holds.

    The row is made with the member; policy version 0 = not evaluated yet. `stage` is NULL for a
    member not known yet at `evaluated_at`. The answer holds without new facts until `due_at` (on
    platform day `due_on`); a newer valuation within [aum_low, aum_high] (NULL = no bound) does not
    change it. `rules` are the bits of decline rules that hold, `warnings` the bits of churn warnings
    (members.lifecycle.bits). Transitions are complete from `recorded_from` on; `since` is NULL where
    the stage is older than that.
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
            models.Index(fields=["stage", "sub_state", "member"], name="standing_by_stage"),
            models.Index(fields=["policy_version"], name="standing_by_policy"),
            # The lists of members (crm/desk/walk.py): each order within a stage, merged for all stages.
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


class Transition(models.Model):
    """A change of stage or sub-state. Append-only; a later fact may only mark it superseded."""

    withheld = ("DELETE",)

    pk = models.CompositePrimaryKey("member_id", "id")
    member = models.ForeignKey(Member, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    id = models.BigIntegerField(
        db_default=models.Func(models.Value("lifecycle_transition_id"), function="nextval")
    )
    effective_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    from_stage = models.CharField(max_length=12, choices=Stage, null=True)
    from_sub_state = models.CharField(max_length=8, choices=SubState, null=True)
    to_stage = models.CharField(max_length=12, choices=Stage, null=True)
    to_sub_state = models.CharField(max_length=8, choices=SubState, null=True)
    won_back = models.BooleanField(default=False)
    policy_version = models.PositiveIntegerField()
    inputs = models.JSONField()
    dwell = models.DurationField(null=True)
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("from_stage", Stage, model="transition"),
            one_of("from_sub_state", SubState, model="transition"),
            one_of("to_stage", Stage, model="transition"),
            one_of("to_sub_state", SubState, model="transition"),
            models.UniqueConstraint(
                fields=["member", "effective_at"],
                condition=Q(superseded_at=None),
                name="transition_one_at_an_instant",
            ),
            models.CheckConstraint(
                name="transition_won_back_leaves_decline",
                condition=Q(won_back=False) | Q(from_stage="decline"),
            ),
        ]
        indexes = [
            models.Index(
                fields=["effective_at", "from_stage", "to_stage"],
                condition=Q(superseded_at=None),
                name="transition_by_time",
            )
        ]


class WarningKind(models.TextChoices):
    IDLE = "idle", _("No login and no trade")
    AUM_FALL = "aum_fall", _("Assets falling")
    SIGNAL = "signal", _("Leaving signal")


class Warning(models.Model):
    """A churn warning with the evidence that raised it; ends when its cause does."""

    withheld = ("DELETE",)

    pk = models.CompositePrimaryKey("member_id", "id")
    member = models.ForeignKey(Member, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    id = models.BigIntegerField(
        db_default=models.Func(models.Value("lifecycle_warning_id"), function="nextval")
    )
    kind = models.CharField(max_length=8, choices=WarningKind)
    raised_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    policy_version = models.PositiveIntegerField()
    evidence = models.JSONField()
    ended_at = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("kind", WarningKind, model="warning"),
            models.UniqueConstraint(
                fields=["member", "kind", "raised_at"], condition=Q(superseded_at=None), name="warning_once"
            ),
            models.CheckConstraint(
                name="warning_ends_after_it_begins",
                condition=Q(ended_at=None) | Q(ended_at__gt=F("raised_at")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind", "-raised_at"],
                condition=Q(ended_at=None, superseded_at=None),
                name="warning_open",
            )
        ]


class StageCount(models.Model):
    """Members now in a stage and sub-state: the sum over all its rows.

    Written by triggers of Standing (migration 0005), one row a change, and summed up by
    members.lifecycle.tally.fold; `folded` marks the sums.
    """

    stage = models.CharField(max_length=12, choices=Stage)
    sub_state = models.CharField(max_length=8, choices=SubState, null=True)
    members = models.BigIntegerField()
    folded = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stage", "sub_state"],
                condition=Q(folded=True),
                nulls_distinct=False,
                name="stagecount_one_sum",
            )
        ]
        indexes = [models.Index(fields=["id"], condition=Q(folded=False), name="stagecount_to_fold")]


class MoveCount(models.Model):
    """Transitions in force that took effect on a platform day: the sum over all rows of the move.

    A NULL stage: not known before. Written by triggers of Transition (migration 0005) and summed up
    like StageCount.
    """

    day = models.DateField()
    from_stage = models.CharField(max_length=12, choices=Stage, null=True)
    from_sub_state = models.CharField(max_length=8, choices=SubState, null=True)
    to_stage = models.CharField(max_length=12, choices=Stage, null=True)
    to_sub_state = models.CharField(max_length=8, choices=SubState, null=True)
    members = models.BigIntegerField()
    folded = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "from_stage", "from_sub_state", "to_stage", "to_sub_state"],
                condition=Q(folded=True),
                nulls_distinct=False,
                name="movecount_one_sum",
            )
        ]
        indexes = [
            models.Index(fields=["day"], name="movecount_by_day"),
            models.Index(fields=["id"], condition=Q(folded=False), name="movecount_to_fold"),
        ]
