"""`all`, `any` and `not`, and when each can flip.

While some parts of an `all` are false it cannot become true before the last of these has flipped, and never
where one of them never does; while all are true it can end as soon as one can. Of an `any` the reverse.
"""

from __future__ import annotations

from collections.abc import Sequence

from members.rules.compiling.part import Part


def all_of(parts: Sequence[Part]) -> Part:
    """True where all parts are."""
    return _group(parts, " AND ", "{}")


def any_of(parts: Sequence[Part]) -> Part:
    """True where one of the parts is."""
    return _group(parts, " OR ", "(NOT {})")


def negated(part: Part) -> Part:
    """True where the part is false; it flips when that does."""
    return Part(f"(NOT {part.sql})", part.next)


def _group(parts: Sequence[Part], word: str, agreeing: str) -> Part:
    """`agreeing` is the state that all parts have to have, for the group to have the rarer of its answers."""
    if len(parts) == 1:
        return parts[0]
    sql = f"({word.join(part.sql for part in parts)})"
    still = [agreeing.format(part.sql) for part in parts if part.next is None]
    moving = [part for part in parts if part.next is not None]
    if not moving:
        return Part(sql)
    changes = _next_of(moving, agreeing)
    return Part(sql, f"CASE WHEN {' AND '.join(still)} THEN {changes} END" if still else changes)


def _next_of(parts: Sequence[Part], agreeing: str) -> str:
    if len(parts) == 1:
        return str(parts[0].next)
    columns, agree, stuck, last = [], [], [], []
    for place, part in enumerate(parts):
        columns += [f"{part.sql} AS b{place}", f"{part.next} AS n{place}"]
        agrees = agreeing.format(f"w.b{place}")
        agree.append(agrees)
        stuck.append(f"NOT {agrees} AND w.n{place} IS NULL")
        last.append(f"CASE WHEN NOT {agrees} THEN w.n{place} END")
    soonest = ", ".join(f"w.n{place}" for place in range(len(parts)))
    # OFFSET 0: each part is looked at once, however often it is named above.
    return (
        f"(SELECT CASE WHEN {' AND '.join(agree)} THEN least({soonest}) WHEN {' OR '.join(stuck)} THEN NULL"
        f" ELSE greatest({', '.join(last)}) END FROM (SELECT {', '.join(columns)} OFFSET 0) AS w)"
    )
