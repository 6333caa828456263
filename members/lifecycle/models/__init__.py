"""The five stages: policy, trials of it, standings, transitions, churn warnings, the dirty queue, counts."""

from __future__ import annotations

from members.lifecycle.models.counts import StageCount, TransitionCount
from members.lifecycle.models.policy import Policy
from members.lifecycle.models.records import Transition, Warning, WarningKind
from members.lifecycle.models.stages import Stage, SubState
from members.lifecycle.models.standing import Dirty, Standing
from members.lifecycle.models.trial import PolicyTrial, TrialOutcome

__all__ = [
    "Dirty",
    "TransitionCount",
    "Policy",
    "PolicyTrial",
    "Stage",
    "StageCount",
    "Standing",
    "SubState",
    "Transition",
    "TrialOutcome",
    "Warning",
    "WarningKind",
]
