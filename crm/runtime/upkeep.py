"""What the ground floor tidies up every few minutes."""

from __future__ import annotations

from datetime import datetime, timedelta

from crm.runtime import changes, jobs

KEEP_CHANGES = timedelta(days=30)


def sweep(now: datetime) -> dict[str, int]:
    """Mark lost runs, forget old runs and changes that all have read; returns how many of each."""
    return {
        "lost": jobs.sweep_lost(now),
        "runs": jobs.prune(now),
        "changes": changes.prune(now - KEEP_CHANGES),
    }
