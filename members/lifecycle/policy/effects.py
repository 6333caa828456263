"""What a policy would do to key figures: apps above publish those that follow from where members stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from crm.runtime.extension.registry import Registry
from crm.web.components import Text
from members.lifecycle.policy.preview import Preview


@dataclass(frozen=True)
class Effect:
    """A figure now and under the policy, in words; `target` is empty where none is set.

    `meets`: whether it reaches its target (now, then), None without one. `address` is its page.
    """

    label: Text
    before: str
    after: str
    target: str = ""
    meets: tuple[bool | None, bool | None] = (None, None)
    address: str = ""


List = Callable[[Preview, datetime], Sequence[Effect]]
_lists: Registry[List] = Registry("effects of a policy", lambda _: ())


def register(name: str, effects: List) -> None:
    """Publish figures (from AppConfig.ready). Raises RegisteredTwice."""
    _lists.add(name, effects)


def list_effects(preview: Preview, now: datetime) -> list[Effect]:
    """Every figure that is published."""
    return [effect for effects in _lists.values() for effect in effects(preview, now)]
