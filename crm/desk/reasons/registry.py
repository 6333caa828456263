"""Sources of reasons to call a member, each with a statement and its rows in words.

One statement reads all of them for the members that a person may see, so a further source costs no query.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from crm.runtime.extension.labels import Label, untranslated
from crm.runtime.extension.registry import Registry
from crm.staff.models import Staff


@dataclass(frozen=True)
class Reason:
    """Why to call a member.

    `since` is the instant it arose, `due` the day until when it is best done, if any. `stake` is the money
    that it is about, in platform currency; `urgency` a share: 1 calls for today, 0 for no call yet. `detail`
    is what the source wrote, for its words.
    """

    member_id: int
    source: str
    since: datetime
    due: date | None
    stake: Decimal
    urgency: Decimal
    detail: Mapping[str, Any]

    @property
    def rank(self) -> Decimal:
        """Value at stake × urgency: the more, the earlier."""
        return self.stake * self.urgency


@dataclass(frozen=True)
class Source:
    """Reasons of one kind.

    `sql` gives a SELECT of member_id, since (timestamptz), due (date), stake (numeric), urgency (numeric) and
    detail (jsonb) over `book`: the rows of lifecycle_standing of the members asked for. It may use the
    instant %(now)s, the platform day %(today)s, its time zone %(zone)s and whether the reader reads English,
    %(english)s, each with a cast.
    `words` says why, in a sentence, as one person may read it; `basis` how stake and urgency are set.
    """

    key: str
    label: Label
    basis: Label
    sql: Callable[[], str]
    words: Callable[[Reason, Staff, datetime], str]

    def __str__(self) -> str:
        return f"{self.key} ({self.words.__module__})"


_sources: Registry[Source] = Registry(
    "source of reasons to call", lambda one: untranslated(one.label, one.basis)
)


def register(*sources: Source) -> None:
    """Publish sources (from AppConfig.ready). Raises RegisteredTwice."""
    for source in sources:
        _sources.add(source.key, source)


def sources() -> Mapping[str, Source]:
    """Every source by its key, in the order of registration."""
    return _sources
