"""Supersede what rested on facts that were corrected.

What was recorded at an instant is asked again as of that instant, by the facts as they are known now: where
it would not have been recorded, the facts were corrected. Whoever merely ceased to match keeps the badge.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from crm.runtime.sql_files import sql_beside
from members.loyalty.incentives.keeping.compiled import Compiled
from members.loyalty.models import Superseding
from members.rules.compiling.condition import Condition, compile, from_clause
from members.rules.language.errors import NoHistory
from members.rules.language.parse import parse

_sql = sql_beside(__file__)
_INSTANTS = 20  # asked in one statement


def supersede_corrected(one: Compiled) -> int:
    """Supersede awards or steps of the claimed members whose facts were corrected; returns how many.

    What a rule asks of a field without history stands. Points are taken back by
    members.loyalty.incentives.rewards.
    """
    if one.outcome == "start":
        return 0  # a quest that started goes on
    wrong: list[int] = []
    recorded = _recorded(one)
    try:
        for first in range(0, len(recorded), _INSTANTS):
            wrong += _not_matching(one, recorded[first : first + _INSTANTS])
    except NoHistory:
        return 0
    if not wrong:
        return 0
    statement = _sql("supersede_steps" if one.rule.position else "supersede_awards")
    reason = str(Superseding.CORRECTED)
    return int(one.execute(statement, wrong=wrong, reason=reason, tables=sorted(one.condition.tables))[0])


def _recorded(one: Compiled) -> list[datetime]:
    """When what may have to be superseded was recorded, of the claimed members who do not match now."""
    with connection.cursor() as cursor:
        cursor.execute(_sql("recorded_steps" if one.rule.position else "recorded_awards"), one.parameters())
        return [at for (at,) in cursor.fetchall()]


@dataclass(frozen=True)
class _AsOf:
    """The rule as of an instant, with names of its own for what is bound."""

    number: int
    condition: Condition

    @property
    def parameters(self) -> dict[str, Any]:
        """Those of the condition; instant and day are numbered too."""
        given = dict(self.condition.parameters)
        own = {f"now_{self.number}": given.pop("now"), f"today_{self.number}": given.pop("today")}
        return given | own

    @property
    def sql(self) -> str:
        """The ids of what was recorded at the instant and would not have been."""
        text = _sql("not_matching").format(
            condition=self.condition.sql, source=from_clause(self.condition.sources)
        )
        for name in ("now", "today"):
            text = text.replace(f"%({name})s", f"%({name}_{self.number})s")
        return text


def _not_matching(one: Compiled, instants: list[datetime]) -> list[int]:
    """Raises NoHistory."""
    version, position = one.version, one.rule.position
    rule = parse(version.steps[position - 1]["rule"] if position else version.rule)
    asked = [
        _AsOf(number, compile(rule, at, past=True, prefix=f"r{number}_"))
        for number, at in enumerate(instants)
    ]
    parameters: dict[str, Any] = {"version": version.pk, "position": position}
    for as_of in asked:
        parameters |= as_of.parameters
    table = "loyalty_stepdone" if position else "loyalty_badgeaward"
    only = "AND w.position = %(position)s" if position else ""
    text = " UNION ALL ".join(as_of.sql for as_of in asked)
    with connection.cursor() as cursor:
        cursor.execute(text.replace("{table}", table).replace("{only}", only), parameters)
        return [found for (found,) in cursor.fetchall()]
