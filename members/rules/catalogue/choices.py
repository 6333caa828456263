"""Read choices that stand in tables once for a whole rule or page, however many parts of it have them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any, TypeVar

Read = TypeVar("Read")
_read: ContextVar[dict[object, Any] | None] = ContextVar("choices read", default=None)


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


def read_choices(choices: Callable[[], Read]) -> Read:
    """The choices, as they were read before within `choices_read_once`, or read anew.

    Choices of several fields that are parts of one reading share it when they read that through this too.
    """
    known = _read.get()
    if known is None:
        return choices()
    key = (choices.func, *map(id, choices.args)) if isinstance(choices, partial) else choices
    if key not in known:
        known[key] = choices()
    found: Read = known[key]
    return found
