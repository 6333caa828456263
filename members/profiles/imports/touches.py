"""Touches: a visitor who turns out to be a member brings along what was seen of the visitor before."""

from __future__ import annotations

from typing import Any

from crm.imports.errors.row_errors import make_reason
from crm.imports.kinds import Batch, Counts
from crm.imports.loading import merge as generic
from crm.runtime.sql_files import sql_beside

LATE = (("visitor_id", make_reason("others_visitor")),)
_STEPS = sql_beside(__file__)("touches").split("-- STORE\n")


def merge(cursor: Any, batch: Batch) -> Counts:
    """Store the touches in pg_temp.imports_parsed; see touches.sql."""
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
