"""The definition of a KPI: version, owner, scopes, parameters, and the SQL that counts and lists it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from crm.insights.kpis.relations import for_everybody, relation_sql
from crm.insights.models import Scope
from crm.runtime.sql_files import sql_beside
from crm.staff.permissions import Action
from crm.web.components import Text
from members.lifecycle.models import Stage

read_sql = sql_beside(__file__)

FIRST = date(2026, 11, 28)  # the day from which the definitions have versions
FEWEST = 30  # counted members from which on a share says something
EVERY_SCOPE = (Scope.ALL, Scope.TEAM, Scope.STAFF)
OF_CHANNELS = (Scope.ALL, Scope.CHANNEL)
COMPANY = (Scope.ALL,)


class Group(models.TextChoices):
    """What a KPI belongs to: money, a stage (its value is that of Stage), or the review of copy."""

    MONEY = "money", pgettext_lazy("group of KPIs", "Money")
    ACQUISITION = Stage.ACQUISITION.value, Stage.ACQUISITION.label
    ACTIVATION = Stage.ACTIVATION.value, Stage.ACTIVATION.label
    GROWTH = Stage.GROWTH.value, Stage.GROWTH.label
    MATURITY = Stage.MATURITY.value, Stage.MATURITY.label
    DECLINE = Stage.DECLINE.value, Stage.DECLINE.label
    REVIEW = "review", pgettext_lazy("group of KPIs", "Copy review")


class Department(models.TextChoices):
    """The owner of a KPI."""

    MARKETING = "marketing", pgettext_lazy("department", "Marketing")
    PRODUCT = "product", pgettext_lazy("department", "Product")
    OPERATIONS = "operations", pgettext_lazy("department", "Operations")
    WEALTH = "wealth", pgettext_lazy("department", "Wealth management")
    SERVICE = "service", pgettext_lazy("department", "Customer service")
    COMPLIANCE = "compliance", pgettext_lazy("department", "Compliance")


class Unit(models.TextChoices):
    """The unit of a value; the names are those of the filter `in_unit`."""

    SHARE = "share"
    MONEY = "money"
    DAYS = "days"
    TIMES = "times"
    NUMBER = "number"


@dataclass(frozen=True)
class Parameter:
    """A value of the KPI's own policy: `value` as the SQL gets it, `shown` as pages say it."""

    name: str
    label: Text
    value: Any
    shown: Text


@dataclass(frozen=True)
class Opened:
    """The list behind a part of a KPI that counts no members: a page for whoever has `action`.

    `url` names its address, which takes `?month=2026-11`; `query` narrows it further.
    """

    url: str
    action: Action
    query: str = ""


@dataclass(frozen=True, kw_only=True)
class Kpi:
    """One KPI. Its value is numerator over denominator, summed over what its SQL returns.

    The SQL (sql/kpis/<`sql_name` or code>.sql) is a SELECT of member_id, channel_id, numerator and
    denominator for the period [`start`, `end`), platform days `first_day` to `last_day`. Summed it counts;
    the members of its rows with a numerator, or a denominator, are those behind the figure. `reads` names the
    shared relations (sql/<name>.sql) that it may select from, `parameters` its own policy.

    `is_total`: the value is the numerator alone; the denominator then only marks who is counted. `of_money`:
    a share of money rather than of members. `counts_spend`: no member is behind the numerator. A KPI that
    cannot be measured says in `waits_for` why not, until `is_ready` (without one: never). `version` rises
    with every change of the definition, on the day `since`. One that counts no members (`member_id` is NULL)
    has for each part the list that opens, in `opened`.
    """

    code: str
    group: Group
    name: Text
    definition: Text
    numerator: Text
    denominator: Text
    department: Department
    version: int = 1
    since: date = FIRST
    unit: Unit = Unit.SHARE
    higher_is_better: bool = True
    is_total: bool = False
    of_money: bool = False
    counts_spend: bool = False
    reads: tuple[str, ...] = ()
    scopes: tuple[Scope, ...] = EVERY_SCOPE
    parameters: tuple[Parameter, ...] = ()
    sql_name: str = ""
    waits_for: Text = ""
    is_ready: Callable[[], bool] | None = None
    opened: Mapping[str, Opened] = field(default_factory=dict)

    @property
    def waiting(self) -> Text:
        """Why nothing is measured; empty where it is."""
        return "" if self.is_ready and self.is_ready() else self.waits_for

    @property
    def is_measured(self) -> bool:
        return not self.waiting

    @property
    def sql(self) -> str:
        """The SQL of a period; empty where nothing can be measured yet."""
        return read_sql(f"kpis/{self.sql_name or self.code}") if self.is_measured else ""

    @property
    def shown_sql(self) -> str:
        """The SQL with the shared relations that it reads, as pages show it."""
        if not self.is_measured:
            return ""
        texts = [for_everybody(relation_sql(name)) for name in self.reads] + [for_everybody(self.sql)]
        values = [f"-- {one.name} = {one.value}" for one in self.parameters]
        return "\n".join([*values, *texts])

    @property
    def fingerprint(self) -> str:
        """Twelve hex digits over SQL and parameters: values with another one were computed differently."""
        return fingerprint(self.shown_sql)

    @property
    def values(self) -> dict[str, Any]:
        """The parameters as the SQL gets them."""
        return {one.name: one.value for one in self.parameters}

    @property
    def formula(self) -> str:
        """The formula in words, with brackets around a part that computes by itself."""
        if self.is_total:
            return str(self.numerator)
        parts = {"numerator": bracketed(str(self.numerator)), "denominator": bracketed(str(self.denominator))}
        return _("%(numerator)s ÷ %(denominator)s") % parts

    @property
    def numerator_unit(self) -> str:
        return "money" if self.of_money or self.unit == Unit.MONEY else "number"

    @property
    def denominator_unit(self) -> str:
        return "money" if self.of_money else "number"

    @property
    def is_listed(self) -> bool:
        """Whether the members behind it can be told from each alone: a rank needs all of them."""
        return self.is_measured and not self.opened and "OVER (" not in self.sql

    def lists(self, part: str) -> bool:
        """Whether members are behind a part, "numerator" or "denominator"."""
        return self.is_listed and not (self.counts_spend and part == "numerator")

    @property
    def follows_policy(self) -> bool:
        """Whether a change of the lifecycle policy changes its values."""
        return "lives" in self.reads or "won_back" in self.sql or "lifecycle_policy" in self.shown_sql

    @property
    def is_share(self) -> bool:
        return self.unit == Unit.SHARE

    def meets(self, value: Decimal | None, target: Decimal | None) -> bool | None:
        """Whether a value reaches a target; None where there is no value or no target to compare."""
        if value is None or target is None:
            return None
        return value >= target if self.higher_is_better else value <= target

    def has(self, scope: str) -> bool:
        """Whether there are values for a kind of scope."""
        return scope in self.scopes


def bracketed(text: str) -> str:
    """A text in brackets where it computes something."""
    return f"({text})" if any(sign in text for sign in "÷×+−") else text


@cache
def fingerprint(text: str) -> str:
    """Twelve hex digits of a text's SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]
