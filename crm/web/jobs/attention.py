"""What the jobs page lists by name because somebody has to look at it: apps publish each kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from crm.runtime.extension.registry import Registry
from crm.staff.models import Staff


@dataclass(frozen=True)
class Item:
    """One thing: what it is called, its page (empty: none), what is wrong, since when."""

    label: str
    address: str
    reason: str
    since: datetime


@dataclass(frozen=True)
class Attention:
    """The first things of a kind, how many there are in all, and where a POST retries all of them."""

    title: str | Promise
    items: Sequence[Item]
    total: int
    retry: str


Find = Callable[[Staff], Attention | None]  # None: nothing of the kind; a query or two
_kinds: Registry[Find] = Registry("kind of thing to look at")


def register(name: str, find: Find) -> None:
    """Publish a kind (from AppConfig.ready). Raises RegisteredTwice."""
    _kinds.add(name, find)


def attention(staff: Staff) -> list[Attention]:
    """Everything to look at, as this person may see it."""
    return [found for find in _kinds.values() if (found := find(staff))]
