"""The rules of badges and quests as SQL, compiled once a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Q

from crm.runtime.sql_files import sql_beside
from members.loyalty.models import IncentiveKind, IncentiveVersion, KeptRule, Period, StepOrder
from members.rules.compiling.condition import Condition, compile, from_clause
from members.rules.language.parse import parse

_sql = sql_beside(__file__)
CLAIM_TABLE = """
CREATE TEMP TABLE IF NOT EXISTS _incentive_claim (
    member_id bigint NOT NULL,
    source text,          -- the table whose rows of the member changed
    rule_id bigint,       -- or the rule for which an instant has come, or that comes into question
    at timestamptz NOT NULL,
    earliest timestamptz  -- of the facts that changed; -infinity where their table tells no instant
);
TRUNCATE _incentive_claim
"""
OnFailure = Callable[[KeptRule, Exception], None]
# Of a badge awarded by period: what the period's start is cut to, how long it is, how it is written.
_PERIODS = {
    Period.MONTH: ("month", "1 month", "YYYY-MM"),
    Period.QUARTER: ("quarter", "3 months", 'YYYY-"Q"Q'),
    Period.YEAR: ("year", "1 year", "YYYY"),
    Period.ONCE: ("century", "100 years", ""),  # two would be one: the key has the period ""
}


@dataclass(frozen=True)
class Compiled:
    """A kept rule as SQL as of `now`; `step_rules` are those of the quest's steps by position."""

    rule: KeptRule
    condition: Condition
    now: datetime
    step_rules: dict[int, int]

    @property
    def version(self) -> IncentiveVersion:
        return self.rule.version

    @property
    def outcome(self) -> str:
        """The statement that writes what follows from the answer."""
        if self.rule.position:
            return "step"
        return "badge" if self.version.incentive.kind == IncentiveKind.BADGE else "start"

    def decide(self, of: str, **parameters: Any) -> tuple[Any, ...]:
        """Decide about the members in _incentive_claim ("answer_claimed") or all ("answer_all")."""
        among = _sql("on_quest") if self.rule.position else "true"
        answer = _sql(of).format(
            condition=self.condition.sql,
            next=self.condition.next_sql or "NULL",
            source=from_clause(self.condition.sources),
            among=among,
        )
        return self.execute(_sql(self.outcome).format(answer=answer), **parameters)

    def execute(self, statement: str, **parameters: Any) -> tuple[Any, ...]:
        """Run a statement with the rule's parameters; returns its one row."""
        with connection.cursor() as cursor:
            cursor.execute(statement, self.parameters() | parameters)
            return tuple(cursor.fetchone())

    def parameters(self) -> dict[str, Any]:
        """Everything that statements about this rule may use."""
        version, position = self.version, self.rule.position
        unit, length, pattern = _PERIODS[Period(version.period)]
        rewarded = [place for place, step in enumerate(version.steps, 1) if step["rewarded"]]
        return {
            **self.condition.parameters,
            "rule": self.rule.pk,
            "version": version.pk,
            "number": version.number,
            "incentive": version.incentive_id,
            "code": version.incentive.code,
            "effective_from": version.effective_from,
            "tables": sorted(self.condition.tables),
            "now": self.now,
            "zone": settings.BUSINESS_TIME_ZONE,
            "by_period": version.period != Period.ONCE,
            "unit": unit,
            "length": length,
            "pattern": pattern,
            "limit_days": version.limit_days,
            "points": version.points,
            "position": position,
            "steps": len(version.steps),
            "rewarded": rewarded,
            "in_order": version.step_order == StepOrder.FIXED,
            "following": self.following,
        }

    @property
    def following(self) -> list[int]:
        """The rules of the steps that come into question once this one is done, or the quest starts."""
        position = self.rule.position
        if self.version.step_order == StepOrder.FIXED:
            return [self.step_rules[position + 1]] if position + 1 in self.step_rules else []
        return [] if position else list(self.step_rules.values())


def compile_rule(rule: KeptRule, now: datetime, *, few: bool = False) -> Compiled:
    """Raises BadRules where the catalogue no longer has what it names. `rule` comes from live_rules()."""
    version = rule.version
    data = version.steps[rule.position - 1]["rule"] if rule.position else version.rule
    condition = compile(parse(data), now, few=few or bool(rule.position), watched=True)
    return Compiled(rule, condition, now, {})


def live_rules(now: datetime) -> list[KeptRule]:
    """The rules in effect at `now`, computed or not: of badges, of starts, then of steps in their order."""
    in_effect = KeptRule.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now), starts_at__lte=now)
    return list(in_effect.select_related("version__incentive").order_by("position", "pk"))


class CompiledCache:
    """The kept rules of a run, compiled as of its instant."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._known: dict[int, Compiled] = {}

    def kept(self, on_failure: OnFailure) -> list[Compiled]:
        """All computed rules in effect; those that cannot be compiled go to `on_failure`."""
        rules = [rule for rule in live_rules(self.now) if rule.computed_at is not None]
        return list(self._compile(rules, on_failure))

    def _compile(self, rules: list[KeptRule], on_failure: OnFailure) -> Iterator[Compiled]:
        steps = step_rules(rules)
        for rule in rules:
            if rule.pk not in self._known:
                try:
                    self._known[rule.pk] = compile_rule(rule, self.now, few=True)
                except ValueError as error:
                    on_failure(rule, error)
                    continue
            yield replace(self._known[rule.pk], step_rules=steps.get(rule.version_id, {}))


def step_rules(rules: list[KeptRule]) -> dict[int, dict[int, int]]:
    """{version: {position: rule}} of the steps among these rules."""
    found: dict[int, dict[int, int]] = {}
    for rule in rules:
        if rule.position:
            found.setdefault(rule.version_id, {})[rule.position] = rule.pk
    return found
