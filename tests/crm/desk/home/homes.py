"""Reading homes, and warnings for them."""

from __future__ import annotations

from datetime import timedelta

from members.lifecycle.models import Warning
from tests.crm.cast import NOW, browser_of


def warn(row, kind: str = "idle", days: float = 1, **fields) -> None:
    evidence = (
        {"idle_days": 31, "active_on": "2026-02-13"} if kind == "idle" else {"complaint_at": NOW.isoformat()}
    )
    values = {
        "raised_at": NOW - timedelta(days=days),
        "recorded_at": NOW,
        "policy_version": 1,
        "evidence": evidence,
    }
    Warning.objects.create(member=row, kind=kind, **values | fields)


def today(staff):
    return browser_of(staff).get("/").context_data["today"]


def lines(staff, title: str) -> list[str]:
    """The names of a block's lines."""
    (block,) = [block for block in today(staff).blocks if block.title == title]
    return [str(line.name) for line in block.lines]
