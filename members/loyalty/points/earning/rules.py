"""The earn rules that read the tables of a claim, compiled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crm.runtime.sql_files import sql_beside
from members.loyalty.models import EarnRule, EarnRuleVersion
from members.loyalty.points.earning.facts import facts_of

_sql = sql_beside(__file__)
# The code of loyalty_tier_at(f.member_id, the programme, f.at), written out: a call for each fact costs more
# than all else about it. The member's changes first (OFFSET 0): not all changes of the programme by time.
TIER = """coalesce(
    (SELECT t.code
     FROM (SELECT * FROM loyalty_tierchange WHERE member_id = f.member_id OFFSET 0) c
     JOIN loyalty_tier t ON t.id = c.to_tier_id
     WHERE c.programme_id = %(programme)s AND c.effective_at <= f.at AND c.superseded_at IS NULL
     ORDER BY c.effective_at DESC LIMIT 1),
    (SELECT t.code FROM loyalty_tier t WHERE t.programme_id = %(programme)s AND t.rank = 0)
)"""


@dataclass(frozen=True)
class CompiledVersion:
    """A version, and the statement that adds its claimed facts to _earn_fact."""

    version: EarnRuleVersion
    statement: str
    source: str


@dataclass(frozen=True)
class Rule:
    """A rule with its versions in the order of their starts; the last of them may be still to come."""

    pk: int
    programme_id: int
    versions: Sequence[CompiledVersion]
    parameters: dict[str, Any] = field(default_factory=dict)

    @property
    def multiplier(self) -> str:
        """The factor of a fact `f` of the version `v`, in SQL: 1 for a tier of which nothing is said."""
        if not any(one.version.multipliers for one in self.versions):
            return "1"
        return f"coalesce((v.multipliers ->> {TIER})::numeric, 1)"


def rules_of(sources: Sequence[str], now: datetime) -> list[Rule]:
    """Rules that read one of these tables, in the order of their ids."""
    found = EarnRule.objects.filter(earnread__table_name__in=sources).distinct().order_by("pk")
    return [_compiled(rule, now) for rule in found.prefetch_related("versions")]


def _compiled(rule: EarnRule, now: datetime) -> Rule:
    versions = sorted(rule.versions.all(), key=lambda one: one.effective_from)
    compiled: list[CompiledVersion] = []
    parameters: dict[str, Any] = {}
    for place, version in enumerate(versions):
        facts = facts_of(version, now)
        until = versions[place + 1].effective_from if place + 1 < len(versions) else "infinity"
        names = {"version": version.pk, "from": version.effective_from, "until": until}
        parameters |= {f"{name}_{version.pk}": value for name, value in names.items()} | facts.parameters
        statement = _sql("facts").format(
            table=facts.table,
            row=facts.row,
            at=facts.at,
            amount=facts.amount,
            condition=facts.condition if version.is_active else "false",
            member_condition=facts.member_condition,
            version=version.pk,
        )
        compiled.append(CompiledVersion(version, statement, facts.table))
    return Rule(rule.pk, rule.programme_id, compiled, parameters)
