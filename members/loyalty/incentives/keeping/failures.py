"""Rules that cannot be evaluated: set apart, so that all others are kept."""

from __future__ import annotations

from datetime import datetime

from django.db import DatabaseError

from members.lifecycle.evaluation.isolate import sqlstate_of_data
from members.loyalty.models import KeptRule, RuleDue

RULE, DATA = "rule", "data"  # the rule asks for what the catalogue no longer has; values that make SQL fail


def is_its_own(error: DatabaseError) -> bool:
    """Whether a rule and its data caused this, not a lost connection or a full disk."""
    return sqlstate_of_data(error) is not None


def set_apart(rule: KeptRule, error: Exception, now: datetime) -> None:
    """Keep this rule no longer; it is tried again at night."""
    KeptRule.objects.filter(pk=rule.pk).update(
        computed_at=None,
        writers=None,
        failed_at=now,
        failure=DATA if isinstance(error, DatabaseError) else RULE,
    )
    RuleDue.objects.filter(rule=rule.pk).delete()


def retry() -> int:
    """Let rules that failed be computed again; returns how many."""
    return KeptRule.objects.filter(failed_at__isnull=False).update(failed_at=None, failure="")
