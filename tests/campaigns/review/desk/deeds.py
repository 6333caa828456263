"""What POSTs to the review desk are sent with, and the table in which each shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

REASON = "because it is tested"
Form = Callable[[Any, bool], dict[str, Any]]  # of a world with a version under review


def _decision(world: Any, is_others: bool) -> dict[str, Any]:
    return {
        "decision": "returned", "reason": REASON, "days": "90", "template_hash": world.review.template_hash
    }  # fmt: skip


REVIEW_DEEDS: dict[str, tuple[str, Form]] = {
    "review-next": ("review_reviewclaim", lambda world, is_others: {}),
    "review-claim": ("review_reviewclaim", lambda world, is_others: {}),
    "review-accept": ("review_copyfinding", lambda world, is_others: {"accept": "yes"}),
    "review-except": ("staff_request", lambda world, is_others: {"reason": REASON}),
    "review-decide": ("review_opinion", _decision),
}
