"""Reading a simulated world back."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

TODAY = date(2026, 3, 18)
MEMBERS = 900


def rows(folder: Path, kind: str) -> list[dict[str, str]]:
    with (folder / f"{kind}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
