"""What members earned: badges, and quests with their steps."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from crm.runtime.database.constraints import one_of, positive
from members.loyalty.models.incentives import Incentive, IncentiveVersion
from members.profiles.models import Member


def _id(table: str) -> models.BigIntegerField[int, int]:
    return models.BigIntegerField(db_default=Func(Value(f"loyalty_{table}_id"), function="nextval"))


def _member() -> models.ForeignKey[Member, Member]:
    return models.ForeignKey(
        Member, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )


class Superseding(models.TextChoices):
    """Why what was recorded does not count any more."""

    CORRECTED = "corrected", _("The facts it rested on were corrected")


_REASON = models.CheckConstraint(
    name="%(class)s_superseded_for_a_reason",
    condition=Q(superseded_at=None, reason="") | (Q(superseded_at__isnull=False) & ~Q(reason="")),
)


class BadgeAward(models.Model):
    """A badge that a member earned at `at`, the instant of the fact or the due instant that brought it.

    `period` is "" for one awarded once, else 2026-03, 2026-Q1 or 2026. `brought_by` is the table whose change
    brought it, "time" or "version" (it was so when the version took effect). Append-only; a correction of the
    facts marks it superseded with its reason.
    """

    withheld = ("DELETE",)

    pk = models.CompositePrimaryKey("member_id", "id")
    id = _id("badgeaward")
    member = _member()
    incentive = models.ForeignKey(Incentive, on_delete=models.PROTECT, related_name="+", db_index=False)
    version = models.ForeignKey(IncentiveVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    period = models.CharField(max_length=7, blank=True)
    at = models.DateTimeField()
    brought_by = models.CharField(max_length=63)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=20, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            _REASON,
            models.UniqueConstraint(
                fields=["member", "incentive", "period"],
                condition=Q(superseded_at=None),
                name="badgeaward_once",
            ),
        ]
        indexes = [
            models.Index(fields=["member", "at"], name="badgeaward_of_member"),
            models.Index(fields=["incentive", "at"], name="badgeaward_by_time"),
        ]


class QuestProgress(models.Model):
    """A quest that a member is on, or was. One that is not completed at `ends_at` (NULL: no limit) expired.

    `completed_at` is when the last step was done, `earned_at` when the last of the rewarded ones was.
    """

    withheld = ("DELETE",)

    pk = models.CompositePrimaryKey("member_id", "id")
    id = _id("questprogress")
    member = _member()
    incentive = models.ForeignKey(Incentive, on_delete=models.PROTECT, related_name="+", db_index=False)
    version = models.ForeignKey(IncentiveVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    started_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    earned_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=20, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            _REASON,
            models.UniqueConstraint(
                fields=["member", "incentive"], condition=Q(superseded_at=None), name="questprogress_once"
            ),
            models.CheckConstraint(
                name="questprogress_completed_in_time",
                condition=Q(completed_at=None)
                | (
                    Q(completed_at__gte=F("started_at"))
                    & (Q(ends_at=None) | Q(completed_at__lte=F("ends_at")))
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["incentive", "started_at"], name="questprogress_by_start"),
            models.Index(fields=["member", "completed_at"], name="questprogress_completed"),
        ]


class StepDone(models.Model):
    """A step of a quest that a member did at `at`; `position` counts the steps of the version from 1."""

    withheld = ("DELETE",)

    pk = models.CompositePrimaryKey("member_id", "id")
    id = _id("stepdone")
    member = _member()
    version = models.ForeignKey(IncentiveVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    position = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    brought_by = models.CharField(max_length=63)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=20, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            _REASON,
            positive("position", model="stepdone"),
            models.UniqueConstraint(
                fields=["member", "version", "position"],
                condition=Q(superseded_at=None),
                name="stepdone_once",
            ),
        ]


class RewardOutcome(models.TextChoices):
    OWED = "owed", _("Pending")
    PAID = "paid", _("Paid")
    BUDGET_SPENT = "budget_spent", _("Budget spent")
    TO_REVERSE = "to_reverse", _("Being reversed")
    REVERSED = "reversed", _("Reversed")


class IncentiveReward(models.Model):
    """Points for a badge (`earned` is the award's id) or a quest (the progress's), or why there are none."""

    withheld = ("DELETE",)

    pk = models.CompositePrimaryKey("member_id", "id")
    id = _id("incentivereward")
    member = _member()
    version = models.ForeignKey(
        IncentiveVersion, on_delete=models.PROTECT, related_name="rewards", db_index=False
    )
    earned = models.BigIntegerField()
    points = models.BigIntegerField()
    at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=RewardOutcome)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            one_of("outcome", RewardOutcome, model="incentivereward"),
            positive("points", model="incentivereward"),
            models.UniqueConstraint(fields=["member", "version", "earned"], name="incentivereward_once"),
        ]
        indexes = [
            models.Index(fields=["version", "outcome"], name="incentivereward_of_version"),
            models.Index(
                fields=["outcome", "at"],
                condition=Q(outcome__in=["owed", "to_reverse"]),
                name="incentivereward_waiting",
            ),
        ]
