"""The definition of a KPI: texts, owner, unit, and the SQL that computes it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from django.db import models
from django.utils.translation import pgettext_lazy

from crm.runtime.sql_files import sql_beside
from crm.web.components import Text
from members.lifecycle.models import Stage

read_sql = sql_beside(__file__)


class Department(models.TextChoices):
    """The owner of a KPI."""

    MARKETING = "marketing", pgettext_lazy("department", "Marketing")
    PRODUCT = "product", pgettext_lazy("department", "Product")
    OPERATIONS = "operations", pgettext_lazy("department", "Operations")
    WEALTH = "wealth", pgettext_lazy("department", "Wealth management")
    SERVICE = "service", pgettext_lazy("department", "Customer service")


class Unit(models.TextChoices):
    """The unit of a value; the names are those of the filter `in_unit`."""

    SHARE = "share"
    MONEY = "money"
    DAYS = "days"
    TIMES = "times"


@dataclass(frozen=True)
class Kpi:
    """One KPI. Its value is numerator over denominator, summed over what its SQL returns.

    `code` is also the name of its file sql/kpis/<code>.sql, a SELECT of member_id, channel_id, numerator and
    denominator for the period [`start`, `end`), platform days `first_day` to `last_day`; `reads` names the
    shared relations (sql/<name>.sql) that it may select from. A KPI with `waits_for` cannot be measured yet
    and has no SQL. `by_book`: it has values for the books of a manager or team; `by_channel`: for a channel.
    """

    code: str
    stage: Stage
    name: Text
    definition: Text
    numerator: Text
    denominator: Text
    department: Department
    unit: Unit = Unit.SHARE
    higher_is_better: bool = True
    reads: tuple[str, ...] = ()
    by_book: bool = True
    by_channel: bool = False
    waits_for: Text = ""

    @property
    def is_measured(self) -> bool:
        return not self.waits_for

    @property
    def sql(self) -> str:
        """The SQL of a period; empty where nothing can be measured yet."""
        return read_sql(f"kpis/{self.code}") if self.is_measured else ""

    @property
    def shown_sql(self) -> str:
        """The SQL with the shared relations that it reads, as pages show it."""
        return "\n".join([read_sql(name) for name in self.reads] + [self.sql])

    @property
    def version(self) -> str:
        """A fingerprint of the SQL: values of another version were computed differently."""
        return fingerprint(self.shown_sql)

    def meets(self, value: Decimal | None, target: Decimal | None) -> bool | None:
        """Whether a value reaches a target; None where there is no value or no target to compare."""
        if value is None or target is None:
            return None
        return value >= target if self.higher_is_better else value <= target

    @property
    def scopes(self) -> list[str]:
        """The kinds of scope that have stored values."""
        return ["all"] + ["staff", "team"] * self.by_book + ["channel"] * self.by_channel


@cache
def fingerprint(text: str) -> str:
    """Twelve hex digits of a text's SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]
