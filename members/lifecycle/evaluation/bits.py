"""Bits of Standing.rules (decline rules that hold) and Standing.warnings (open churn warnings)."""

from __future__ import annotations

from typing import Final

IDLE: Final = 1
AUM_FALL: Final = 2
CLOSING: Final = 4  # in rules
SIGNAL: Final = 4  # in warnings

RULES: Final = {IDLE: "idle", AUM_FALL: "aum_fall", CLOSING: "closing"}
WARNINGS: Final = {IDLE: "idle", AUM_FALL: "aum_fall", SIGNAL: "signal"}


def bit_names(bits: int, table: dict[int, str]) -> list[str]:
    """The names of the set bits, in the table's order."""
    return [name for bit, name in table.items() if bits & bit]
