"""The policy: the values of the stage rules, versioned and effective from an instant on."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from crm.runtime.database.constraints import not_negative, positive


def _share(field: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=f"policy_{field}_is_a_share", condition=Q(**{f"{field}__gt": 0, f"{field}__lt": 1})
    )


class Policy(models.Model):
    """The thresholds in force from `effective_from` until the next version; never changed once written, and
    withdrawn only before it is in force (WithdrawnPolicy).

    Days are platform days; shares are fractions; money is platform currency. A version applies at
    instants from its `effective_from` on; of two with the same instant the higher version wins.
    `base_version` applied at its start before it was written: what its approver compared it with.
    """

    withheld = ("UPDATE",)

    version = models.PositiveIntegerField(primary_key=True)
    effective_from = models.DateTimeField()
    stalled_days = models.PositiveIntegerField(default=30)
    warn_idle_days = models.PositiveIntegerField(default=30)
    warn_term_days = models.PositiveIntegerField(default=180)
    warn_floor = models.DecimalField(max_digits=20, decimal_places=2, default="10000")
    idle_days = models.PositiveIntegerField(default=60)
    dormant_days = models.PositiveIntegerField(default=120)
    churned_days = models.PositiveIntegerField(default=0)
    fall_window_days = models.PositiveIntegerField(default=90)
    warn_fall_share = models.DecimalField(max_digits=5, decimal_places=4, default="0.2")
    fall_share = models.DecimalField(max_digits=5, decimal_places=4, default="0.4")
    fall_floor = models.DecimalField(max_digits=20, decimal_places=2, default="1000")
    fall_recovery_share = models.DecimalField(max_digits=5, decimal_places=4, default="0.5")
    fall_memory_days = models.PositiveIntegerField(default=365)
    payout_grace_days = models.PositiveIntegerField(default=14)
    signal_days = models.PositiveIntegerField(default=90)
    mature_aum = models.DecimalField(max_digits=20, decimal_places=2, default="200000")
    mature_days = models.PositiveIntegerField(default=90)
    mature_tenure_days = models.PositiveIntegerField(default=365)
    empty_aum = models.DecimalField(max_digits=20, decimal_places=2, default="1")
    note = models.CharField(max_length=500, blank=True)
    request_id = models.BigIntegerField(null=True, unique=True)  # approved; empty for the first version
    base_version = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            positive("version", model="policy"),
            positive("stalled_days", model="policy"),
            positive("warn_idle_days", model="policy"),
            positive("fall_window_days", model="policy"),
            positive("fall_floor", model="policy"),
            positive("fall_memory_days", model="policy"),
            positive("signal_days", model="policy"),
            positive("mature_days", model="policy"),
            positive("mature_aum", model="policy"),
            not_negative("empty_aum", model="policy"),
            not_negative("warn_floor", model="policy"),
            _share("warn_fall_share"),
            _share("fall_share"),
            models.CheckConstraint(
                name="policy_fall_recovery_share_is_a_share",
                condition=Q(fall_recovery_share__gt=0, fall_recovery_share__lte=1),
            ),
            models.CheckConstraint(
                name="policy_of_a_request_has_a_base",
                condition=Q(request_id=None) | Q(base_version__isnull=False, base_version__lt=F("version")),
            ),
            models.CheckConstraint(
                name="policy_idle_days_rise",
                condition=Q(
                    warn_idle_days__lte=F("idle_days"),
                    idle_days__lte=F("dormant_days"),
                ),
            ),
            models.CheckConstraint(
                name="policy_warns_before_it_judges", condition=Q(warn_fall_share__lte=F("fall_share"))
            ),
            models.CheckConstraint(
                name="policy_days_within_reason",
                condition=Q(
                    stalled_days__lte=3660,
                    dormant_days__lte=3660,
                    warn_term_days__lte=3660,
                    churned_days__lte=3660,
                    fall_window_days__lte=3660,
                    fall_memory_days__lte=3660,
                    payout_grace_days__lte=3660,
                    signal_days__lte=3660,
                    mature_days__lte=3660,
                    mature_tenure_days__lte=36600,
                ),
            ),
        ]
        indexes = [models.Index(fields=["effective_from"], name="policy_in_force")]

    @property
    def window_days(self) -> int:
        """How many days of assets the rules look at, the evaluated one included."""
        return max(self.fall_memory_days + self.fall_window_days, self.mature_days) + self.payout_grace_days


class WithdrawnPolicy(models.Model):
    """A version that was approved and withdrawn before it took effect; its number is not used again.

    `values` is the text of every value by field.
    """

    withheld = ("UPDATE", "DELETE")

    version = models.PositiveIntegerField(primary_key=True)
    effective_from = models.DateTimeField()  # when it would have taken effect
    values = models.JSONField()
    note = models.CharField(max_length=500, blank=True)
    withdrawn_at = models.DateTimeField()
    request_id = models.BigIntegerField(unique=True)  # that approved the withdrawal

    class Meta:
        constraints = [
            positive("version", model="withdrawnpolicy"),
            models.CheckConstraint(
                name="withdrawnpolicy_before_it_took_effect",
                condition=Q(withdrawn_at__lt=F("effective_from")),
            ),
        ]
