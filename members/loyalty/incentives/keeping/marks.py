"""The marks of members whose badges and quests may change: triggers write them with the facts."""

from __future__ import annotations

from typing import Any

from members.rules.keeping.triggers import Keeper, write_triggers

KEEPER = Keeper("loyalty_incentive")


def write_marking_triggers(using: str = "default", **_: Any) -> None:
    """After each migrate: bring the triggers that mark for badges and quests up to the catalogue."""
    write_triggers(KEEPER, using)
