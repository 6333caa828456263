"""How a measure moved within days, in SQL: its value today beside the highest or lowest since."""

from __future__ import annotations

from members.rules.catalogue.activities import measures
from members.rules.compiling.part import TODAY, Part, Scope, earliest, start_of
from members.rules.language.tree import Changed


def compile_changed(rule: Changed, scope: Scope) -> Part:
    """The value that holds at the beginning of the window counts into it, as it does on that day."""
    measure = measures[rule.measure]
    scope.tables.add(measure.table)
    day, value, today = measure.day, measure.value, f"{TODAY}::date"
    begin = f"{scope.bind(scope.days_ago(rule.within.days))}::date"
    own = f"FROM {measure.table} AS a WHERE a.member_id = m.id AND"
    inside = f"{day} > {begin} AND {day} <= {today}"
    current = f"SELECT {value} {own} {day} <= {today} ORDER BY {day} DESC LIMIT 1"
    carried = f"SELECT {value} {own} {day} <= {begin} ORDER BY {day} DESC LIMIT 1"
    extreme = "max" if rule.direction == "fell" else "min"
    best = "greatest" if rule.direction == "fell" else "least"
    compared = f"{best}((SELECT {extreme}({value}) {own} {inside}), ({carried}))"
    moved = _moved(rule, scope)
    sql = (
        f"(EXISTS (SELECT 1 {own} {inside}) AND coalesce((SELECT {moved} FROM (SELECT ({current}) AS now,"
        f" {compared} AS then OFFSET 0) AS x), false))"
    )
    # Days leave the window one by one: what is carried into it changes when its first row is at its start.
    leaves = start_of(f"(SELECT min({day}) {own} {inside}) + {rule.within.days}")
    comes = start_of(f"(SELECT min({day}) {own} {day} > {today})")
    # A smaller window can only end a move, but for a rise from nothing, which has no share.
    ends = leaves if rule.direction == "rose" and rule.by == "share" else f"CASE WHEN {sql} THEN {leaves} END"
    return Part(sql, earliest([ends, comes]))


def _moved(rule: Changed, scope: Scope) -> str:
    by = f"{scope.bind(rule.value)}::numeric"
    if rule.direction == "fell":
        enough = f"x.now <= x.then * (1 - {by})" if rule.by == "share" else f"x.then - x.now >= {by}"
    else:
        enough = f"x.now >= x.then * (1 + {by})" if rule.by == "share" else f"x.now - x.then >= {by}"
    return f"x.then > 0 AND {enough}" if rule.by == "share" else enough
