"""Policy, trials, standings, transitions, warnings, new normals, dirty queue, failures, counts."""

from __future__ import annotations

from members.lifecycle.models.counts import StageCount, TransitionCount
from members.lifecycle.models.failure import EvaluationFailure, FailureCode
from members.lifecycle.models.new_normal import NewNormal
from members.lifecycle.models.policy import Policy, WithdrawnPolicy
from members.lifecycle.models.records import Transition, Warning, WarningKind
from members.lifecycle.models.stages import Stage, SubState
from members.lifecycle.models.standing import Dirty, Standing
from members.lifecycle.models.trial import PolicyTrial, TrialOutcome

__all__ = [
    "Dirty",
    "EvaluationFailure",
    "FailureCode",
    "NewNormal",
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
    "WithdrawnPolicy",
]
