"""When the change of a row happened, where no activity of the catalogue tells it."""

from __future__ import annotations

from dataclasses import dataclass

from crm.runtime.extension.registry import Registry

NO_INSTANT, NO_DAY = "NULL::timestamptz", "NULL::date"


@dataclass(frozen=True, kw_only=True)
class FactTime:
    """The time of the fact in a row `a` of `table`: `at` an instant, `day` a platform day; the later counts.

    Both are expressions over `a`. `at_of_update` is the instant of a later change of the row, where another.
    """

    table: str
    at: str = NO_INSTANT
    day: str = NO_DAY
    at_of_update: str = ""


fact_times: Registry[FactTime] = Registry("time of facts")


def register(*entries: FactTime) -> None:
    """Publish when the facts of an app's tables happened (from AppConfig.ready). Raises RegisteredTwice."""
    for entry in entries:
        fact_times.add(entry.table, entry)
