"""Touches: a visitor who turns out to be a member brings along what was seen of the visitor before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crm.intake import merge as generic
from crm.intake.kinds import Batch, Counts
from crm.intake.reasons import because

LATE = (("visitor_id", because("others_visitor")),)
_STEPS = (Path(__file__).parent / "touches.sql").read_text().split("-- STORE\n")


def merge(cursor: Any, batch: Batch) -> Counts:
    """Store the touches in pg_temp.intake_parsed; see touches.sql."""
    before, after = _STEPS
    params = {**batch.params, "other": batch.kind.late_fault(0)}
    for statement in before.split(";\n"):
        cursor.execute(statement, params)
    created = generic.create_references(cursor, batch)
    counts = generic.store(cursor, batch)
    counts.created = created
    for statement in after.split(";\n"):
        cursor.execute(statement, params)
    return counts
