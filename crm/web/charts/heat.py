"""A heat table: amounts in five shades; the numbers stay visible, the shade only guides the eye."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

from crm.web.charts.frame import Number
from crm.web.components import Text


def heat(value: Number, highest: Number) -> int:
    """Which of five shades a cell gets: 0 for nothing."""
    return 0 if not value or not highest else min(5, max(1, ceil(5 * float(value) / float(highest))))


@dataclass(frozen=True)
class HeatCell:
    """One cell: its amount (None: not possible), its shade, and the address of its rows."""

    value: Number | None
    heat: int
    address: str = ""


@dataclass(frozen=True)
class HeatTable:
    """Rows (label, cells) under column labels."""

    columns: tuple[Text, ...]
    rows: tuple[tuple[Text, tuple[HeatCell, ...]], ...]


def heat_table(
    columns: Sequence[Text],
    rows: Sequence[tuple[Text, Sequence[Number | None]]],
    address: Callable[[int, int], str] | None = None,
) -> HeatTable:
    """Shades by the highest amount of the table; `address(row, column)` links a cell that has an amount."""
    most = max((value for _, values in rows for value in values if value is not None), default=0)
    made = []
    for row, (label, values) in enumerate(rows):
        cells = tuple(
            HeatCell(value, heat(value or 0, most), address(row, column) if address and value else "")
            for column, value in enumerate(values)
        )
        made.append((label, cells))
    return HeatTable(tuple(columns), tuple(made))
