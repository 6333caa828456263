"""What is kept for good: changes of stage, and churn warnings."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.runtime.database.constraints import one_of
from members.lifecycle.models.stages import Stage, SubState
from members.profiles.models import Member


class Transition(models.Model):
    """A change of stage or sub-state. Append-only; a later fact may only mark it superseded.

    From decline to growth or maturity, those that money or activity brought are `won_back`, the others (a new
    normal, a fall forgotten, a closing request lapsed, another policy) `settled`.
    """

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
    settled = models.BooleanField(default=False)
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
            models.CheckConstraint(
                name="transition_settled_leaves_decline",
                condition=Q(settled=False) | Q(from_stage="decline", won_back=False),
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
    IDLE = "idle", _("Inactivity")
    AUM_FALL = "aum_fall", _("Falling assets")
    SIGNAL = "signal", _("Churn signal")


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
