"""Why a member is in its stage, or why that cannot be evaluated: for the member page and the preview."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from members.lifecycle.forecast.explain import EvaluationFailed, explain
from members.lifecycle.models import EvaluationFailure
from members.lifecycle.sentences.explanation import ExplanationText
from members.lifecycle.sentences.failure import NOT_EVALUATED, failure_sentence


def explained(member_id: int, failure: EvaluationFailure | None, now: datetime) -> dict[str, Any]:
    """`explanation` with its `sentences`, and `failure`: why the stage could not be updated, or empty.

    `failure` is that of the member's last evaluation. At most two queries. Raises UnknownMember.
    """
    said = failure_sentence(failure) if failure else ""
    try:
        explanation = explain(member_id, now)
    except EvaluationFailed:
        return {"failure": said or NOT_EVALUATED}
    return {"explanation": explanation, "sentences": ExplanationText(explanation), "failure": said}
