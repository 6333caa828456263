"""Files for the import, and a shorter way to take them in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crm.imports.loading.load import import_file
from crm.imports.loading.result import Result
from crm.imports.options import ReadingOptions

NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)

NEEDED = {  # one good row of every kind, with its required columns only
    "members": {"member_id": "U1"},
    "channels": {"channel": "app"},
    "spend": {"channel": "app", "date": "2026-05-01", "amount": "12.50"},
    "touches": {"touch_id": "t1", "at": "2026-05-01T10:00", "channel": "app", "member_id": "U1"},
    "products": {"product_id": "P1", "name": "Steady", "category": "bond", "risk": "R2"},
    "transactions": {
        "transaction_id": "x1",
        "member_id": "U1",
        "at": "2026-05-01T10:00",
        "kind": "buy",
        "amount": "100.00",
    },
    "valuations": {"member_id": "U1", "date": "2026-05-01", "aum": "100"},
    "events": {"event_id": "e1", "member_id": "U1", "at": "2026-05-01T10:00", "name": "login"},
    "saving_plans": {
        "plan_id": "s1",
        "member_id": "U1",
        "amount": "10",
        "every": "month",
        "started_on": "2026-05-01",
    },
    "signals": {"signal_id": "g1", "member_id": "U1", "at": "2026-05-01", "kind": "complaint"},
    "complaints": {"complaint_id": "c1", "member_id": "U1", "received_at": "2026-05-01"},
    "consents": {
        "consent_id": "n1",
        "member_id": "U1",
        "purpose": "marketing",
        "contact_channel": "sms",
        "answer": "withdrawn",
        "at": "2026-05-01T10:00",
    },
    "risk_assessments": {"member_id": "U1", "assessed_on": "2026-05-01", "risk_class": "C3"},
}


def take(
    folder: Path,
    kind: str,
    content: str | bytes,
    *,
    source: str = "",
    dry_run: bool = False,
    name: str = "file.csv",
    options: ReadingOptions | None = None,
    decided: Mapping[str, Any] | None = None,
) -> Result:
    """Write the content to a file and take it in."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    chosen = {name: getattr(options, name) for name in options.as_json()} if options else {}
    return import_file(
        kind, path, source=source, now=NOW, dry_run=dry_run, decided=chosen | dict(decided or {})
    )


def row(kind: str, /, **other: str) -> str:
    """A file of one row: the good one of its kind, with some columns changed or added."""
    values = {**NEEDED[kind], **other}
    quoted = ['"' + value.replace('"', '""') + '"' if '"' in value else value for value in values.values()]
    return ",".join(values) + "\n" + ",".join(quoted) + "\n"


def first(result: Result) -> tuple[int, str, str]:
    """Line, field and reason of the only reject."""
    assert result.rejected == 1, result
    reject = result.rejects[0]
    return reject.line, reject.field, reject.why
