"""How many members each stage has, and how many transitions each day."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from crm.runtime.database.constraints import one_of
from members.lifecycle.models.stages import Stage, SubState


class StageCount(models.Model):
    """Members now in a stage and sub-state: the sum over all its rows.

    Triggers of Standing (migrations/0001_counts.sql) add a row for each change,
    members.lifecycle.counts.maintenance.compact adds them to the totals, which `is_total` marks.
    """

    stage = models.CharField(max_length=12, choices=Stage)
    sub_state = models.CharField(max_length=8, choices=SubState, null=True)
    members = models.BigIntegerField()
    is_total = models.BooleanField(default=False)

    class Meta:
        constraints = [
            one_of("stage", Stage, model="stagecount"),
            one_of("sub_state", SubState, model="stagecount"),
            models.UniqueConstraint(
                fields=["stage", "sub_state"],
                condition=Q(is_total=True),
                nulls_distinct=False,
                name="stagecount_one_sum",
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(is_total=False), name="stagecount_deltas")]


class TransitionCount(models.Model):
    """Transitions in force that took effect on a platform day: the sum over all rows of the same stages.

    A NULL stage: not known before. Written by triggers of Transition (migrations/0001_counts.sql) and
    compacted as StageCount is.
    """

    day = models.DateField()
    from_stage = models.CharField(max_length=12, choices=Stage, null=True)
    from_sub_state = models.CharField(max_length=8, choices=SubState, null=True)
    to_stage = models.CharField(max_length=12, choices=Stage, null=True)
    to_sub_state = models.CharField(max_length=8, choices=SubState, null=True)
    won_back = models.BooleanField(default=False)
    members = models.BigIntegerField()
    is_total = models.BooleanField(default=False)

    class Meta:
        constraints = [
            one_of("from_stage", Stage, model="transitioncount"),
            one_of("from_sub_state", SubState, model="transitioncount"),
            one_of("to_stage", Stage, model="transitioncount"),
            one_of("to_sub_state", SubState, model="transitioncount"),
            models.UniqueConstraint(
                fields=["day", "from_stage", "from_sub_state", "to_stage", "to_sub_state", "won_back"],
                condition=Q(is_total=True),
                nulls_distinct=False,
                name="transitioncount_one_sum",
            ),
        ]
        indexes = [
            models.Index(fields=["day"], name="transitioncount_by_day"),
            models.Index(fields=["id"], condition=Q(is_total=False), name="transitioncount_deltas"),
        ]
