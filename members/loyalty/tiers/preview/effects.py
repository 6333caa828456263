"""What a change of the tier rules would cost: parts above publish what follows from members by tier."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from crm.runtime.extension.registry import Registry
from crm.web.components import Text


@dataclass(frozen=True)
class Effect:
    """A figure before and after, in words: yearly cost of benefits, a supplier's quota that is used up."""

    label: Text
    before: str
    after: str


# Given the programme, members by rank before and after, and the first day of the rules.
List = Callable[[int, Mapping[int, int], Mapping[int, int], date], Sequence[Effect]]
_lists: Registry[List] = Registry("effects of tier rules", lambda _: ())


def register(name: str, effects: List) -> None:
    """Publish figures (from a part's publish()). Raises RegisteredTwice."""
    _lists.add(name, effects)


def list_effects(
    programme: int, before: Mapping[int, int], after: Mapping[int, int], day: date
) -> list[Effect]:
    """Every figure that is published."""
    return [effect for effects in _lists.values() for effect in effects(programme, before, after, day)]
