"""Read choices that stand in tables once for a whole rule, however many of its conditions have them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial

from members.rules.catalogue.types import Choice

Choices = Callable[[], Sequence[Choice]]
_read: ContextVar[dict[object, Sequence[Choice]] | None] = ContextVar("choices read", default=None)


@contextmanager
def choices_read_once() -> Iterator[None]:
    """Within, the same choices are read once; also a decorator. One within another is one."""
    if _read.get() is not None:
        yield
        return
    token = _read.set({})
    try:
        yield
    finally:
        _read.reset(token)


def read_choices(choices: Choices) -> Sequence[Choice]:
    """The choices, as they were read before within `choices_read_once`, or read anew."""
    known = _read.get()
    if known is None:
        return choices()
    key = (choices.func, *map(id, choices.args)) if isinstance(choices, partial) else choices
    if key not in known:
        known[key] = choices()
    return known[key]
