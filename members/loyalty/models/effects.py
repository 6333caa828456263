"""What followed for those who had a badge or completed a quest, counted once a night."""

from __future__ import annotations

from django.db import models

from crm.runtime.database.constraints import positive
from members.loyalty.models.incentives import Incentive


class IncentiveEffect(models.Model):
    """The counts of an incentive as of `computed_at`, for the stages and days of a version.

    `strata` are [{"month", "tenure", "aum", "had", "had_moved", "others", "others_moved"}]: members of the
    stage it begins from, by platform month and bands. `stays` are {"had" | "others": {"90" | "180": [members
    whose days are over, of whom still there]}} of those who made the transition.
    """

    incentive = models.OneToOneField(Incentive, on_delete=models.CASCADE, primary_key=True)
    version_number = models.PositiveIntegerField()
    from_stage = models.CharField(max_length=12)
    to_stage = models.CharField(max_length=12)
    effect_days = models.PositiveIntegerField()
    computed_at = models.DateTimeField()
    strata = models.JSONField()
    stays = models.JSONField()

    class Meta:
        constraints = [positive("version_number", model="incentiveeffect")]
