"""How many members are where, and how many moved on which day."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from crm.runtime.database.constraints import one_of
from members.lifecycle.models.stages import Stage, SubState


class StageCount(models.Model):
    """Members now in a stage and sub-state: the sum over all its rows.

    Written by triggers of Standing (migration 0005), one row a change, and summed up by
    members.lifecycle.counts.tally.fold; `folded` marks the sums.
    """

    stage = models.CharField(max_length=12, choices=Stage)
    sub_state = models.CharField(max_length=8, choices=SubState, null=True)
    members = models.BigIntegerField()
    folded = models.BooleanField(default=False)

    class Meta:
        constraints = [
            one_of("stage", Stage, model="stagecount"),
            one_of("sub_state", SubState, model="stagecount"),
            models.UniqueConstraint(
                fields=["stage", "sub_state"],
                condition=Q(folded=True),
                nulls_distinct=False,
                name="stagecount_one_sum",
            ),
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
            one_of("from_stage", Stage, model="movecount"),
            one_of("from_sub_state", SubState, model="movecount"),
            one_of("to_stage", Stage, model="movecount"),
            one_of("to_sub_state", SubState, model="movecount"),
            models.UniqueConstraint(
                fields=["day", "from_stage", "from_sub_state", "to_stage", "to_sub_state"],
                condition=Q(folded=True),
                nulls_distinct=False,
                name="movecount_one_sum",
            ),
        ]
        indexes = [
            models.Index(fields=["day"], name="movecount_by_day"),
            models.Index(fields=["id"], condition=Q(folded=False), name="movecount_to_fold"),
        ]
