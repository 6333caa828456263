"""Have the rules of a new version kept from its day on, and those of the version before it no longer."""

from __future__ import annotations

from datetime import timedelta

from members.loyalty.models import IncentiveRead, IncentiveVersion, KeptRule
from members.rules.compiling.condition import compile
from members.rules.language.parse import parse


def schedule_rules(version: IncentiveVersion, before: IncentiveVersion | None) -> None:
    """Write the rules and tell the triggers which tables to watch.

    Whoever is on a quest of the version before goes on with its steps until the time limit is over.
    """
    if before is not None:
        starts = version.effective_from
        KeptRule.objects.filter(version=before, position=0).update(ends_at=starts)
        if before.limit_days is not None:
            ends = starts + timedelta(days=before.limit_days)
            KeptRule.objects.filter(version=before, position__gt=0).update(ends_at=ends)
    if not version.is_active:
        return
    rules = [version.rule, *(step["rule"] for step in version.steps)]
    kept = KeptRule.objects.bulk_create(
        KeptRule(
            version=version,
            position=position,
            starts_at=version.effective_from,
            computed_at=version.effective_from if position else None,
        )
        for position in range(len(rules))
    )
    IncentiveRead.objects.bulk_create(
        IncentiveRead(rule=one, table_name=name)
        for one, rule in zip(kept, rules, strict=True)
        for name in sorted(compile(parse(rule), version.effective_from).tables)
    )
