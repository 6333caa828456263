"""What a simulated world consists of: rows of the import kinds, gathered in memory, then written."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

COLUMNS: dict[str, tuple[str, ...]] = {
    "channels": ("channel", "name", "name_en", "kind"),
    "products": (
        "product_id", "name", "name_en", "category", "risk", "regime", "term_days", "registration_code",
    ),
    "members": (
        "member_id", "registered_at", "name", "mobile", "email", "id_number", "address", "sex", "birth_date",
        "region", "occupation", "income_band", "channel", "campaign", "referrer_id", "risk_class",
        "risk_assessed_on", "investor_type", "language", "tags",
    ),
    "spend": ("channel", "date", "amount"),
    "touches": ("touch_id", "at", "channel", "campaign", "visitor_id", "member_id"),
    "risk_assessments": ("member_id", "assessed_on", "risk_class", "questionnaire_version"),
    "saving_plans": ("plan_id", "member_id", "amount", "every", "started_on", "ended_on", "product_id"),
    "signals": ("signal_id", "member_id", "at", "kind", "detail"),
    "complaints": (
        "complaint_id", "member_id", "received_at", "words", "owner", "answered_at", "answer", "closed_at",
        "resolution",
    ),
    "transactions": ("transaction_id", "member_id", "at", "kind", "amount", "product_id"),
    "valuations": ("member_id", "date", "aum"),
    "events": ("event_id", "member_id", "at", "name", "properties"),
}  # fmt: skip
KINDS = tuple(COLUMNS)  # in the order in which they can be imported

# Which column orders a file; the others are in the order in which they were made.
_TIME_COLUMN = {
    "touches": 1,
    "signals": 2,
    "complaints": 2,
    "transactions": 2,
    "valuations": 1,
    "events": 2,
    "risk_assessments": 1,
}

# What no import kind carries: loaded by the demonstration's builder.
EXTRAS: dict[str, tuple[str, ...]] = {
    "households": ("household", "member_id"),
    "preferences": ("member_id", "goal", "horizon_days", "liquidity", "categories", "stated_on"),
}


@dataclass
class Rows:
    """Rows by kind, as tuples in the order of the kind's columns."""

    by_kind: dict[str, list[tuple]] = field(
        default_factory=lambda: {kind: [] for kind in (*COLUMNS, *EXTRAS)}
    )

    def add(self, kind: str, *values: object) -> None:
        self.by_kind[kind].append(values)

    def write(self, folder: Path) -> dict[str, int]:
        """Write one CSV file a kind into the folder; returns the number of rows of each."""
        counts = {}
        for kind, columns in (COLUMNS | EXTRAS).items():
            rows = self.by_kind[kind]
            if kind in _TIME_COLUMN:
                place = _TIME_COLUMN[kind]
                rows.sort(key=lambda row: row[place])
            write_csv(folder / f"{kind}.csv", columns, rows)
            counts[kind] = len(rows)
        return counts


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
