"""What the jobs page lists by name because somebody has to look at it (queues.Depth.attention)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise


@dataclass(frozen=True)
class Item:
    """One thing: what it is called, its page (empty: none), what is wrong, since when."""

    label: str
    address: str
    reason: str
    since: datetime


@dataclass(frozen=True)
class Attention:
    """The first things of a kind, and where a POST retries all of them."""

    title: str | Promise
    items: Sequence[Item]
    retry: str
