"""The rows of an activity as facts that earn: their key, instant and amount in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.apps import apps

from members.loyalty.models import EarnRuleVersion
from members.loyalty.points.configuration.earn_rule_draft import did_of
from members.rules.catalogue.activities import Activity, activities
from members.rules.catalogue.platform_days import day_start
from members.rules.compiling.condition import compile, from_clause
from members.rules.compiling.did import rows_of
from members.rules.compiling.part import Scope
from members.rules.language.parse import parse


@dataclass(frozen=True)
class Facts:
    """What a version of a rule is about: a condition on the row `a` and one on the member `f.member_id`, with
    the parameters of both."""

    table: str
    row: str
    at: str
    amount: str
    condition: str
    member_condition: str
    parameters: dict[str, Any]


def facts_of(version: EarnRuleVersion, now: datetime) -> Facts:
    """Compile what a version says. Raises BadRules where the catalogue no longer knows it."""
    activity = activities[version.activity]
    scope = Scope(now, prefix=f"w{version.pk}_")
    rows = rows_of(did_of(version.activity, version.where), scope)
    parameters = scope.parameters()
    who = "true"
    if version.member_rule is not None:
        found = compile(parse(version.member_rule), now, prefix=f"m{version.pk}_")
        who = f"EXISTS (SELECT FROM {from_clause(found.sources)} WHERE m.id = f.member_id AND {found.sql})"
        parameters |= found.parameters
    amount = next((one.sql for one in activity.properties if one.name == version.per), "NULL")
    return Facts(
        table=activity.table,
        row=row_key(activity),
        at=instant(activity),
        amount=f"({amount})::numeric",
        condition=" AND ".join(rows.conditions()) or "true",
        member_condition=who,
        parameters=parameters,
    )


def instant(activity: Activity) -> str:
    """When a fact happened: of one known by the day, the start of that day."""
    return day_start(f"({activity.at})") if activity.by_day else f"({activity.at})"


def row_key(activity: Activity) -> str:
    """A text that names a row among all rows of a member, over `a`."""
    columns = " || ':' || ".join(f"a.{name}" for name in _own_key(activity.table))
    return f"'{activity.name}:' || {columns}"


@cache
def _own_key(table: str) -> tuple[str, ...]:
    """The columns of a table's primary key but for the member."""
    model = next(one for one in apps.get_models() if one._meta.db_table == table)
    names = [str(field.column) for field in model._meta.pk_fields if field.column != "member_id"]
    return tuple(names) or ("member_id",)
