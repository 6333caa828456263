"""Members: new ones with an identity, known ones where something differs, referrers that may come later."""

from __future__ import annotations

from typing import Any

from crm.imports.errors.row_errors import make_reason
from crm.imports.kinds import DEFERRED, Batch, Counts
from crm.imports.loading import blanks
from crm.imports.loading import merge as generic
from crm.runtime.sql_files import sql_beside
from members.profiles.search import terms

LATE = (
    ("registered_at", make_reason("prospect_again")),
    ("referrer_id", make_reason("no_such_member")),
    ("member_id", make_reason("member_erased")),
)
_sql = sql_beside(__file__)
_ERASED = _sql("members_erased")
_JUDGE = _sql("members_judge").split(";\n")
_GATHER = _sql("members_gather").split(";\n")
_INSERT = _sql("members_insert").split(";\n")
_UPDATE = _sql("members_update")
_ASSESS = _sql("members_assess")
LATEST_CLASS = _sql("latest_class")
CLASS_AGAIN = _sql("class_again")

# Where one file's column goes: {member column: its new value}; n = the row, m = the member as stored.
_PLAIN = (
    "name", "address", "sex", "birth_date", "region", "occupation", "income_band", "campaign",
    "investor_type", "language", "tags",
)  # fmt: skip
_SETS: dict[str, dict[str, str]] = {
    **{name: {name: f"n.{name}"} for name in _PLAIN},
    **{
        name: {name: f"n.{name}", f"{name}_index": f"n.{name}_index"}
        for name in ("mobile", "email", "id_number")
    },
    "channel": {"channel_id": "n.channel_pk"},
    "referrer_id": {"referrer_id": "n.referrer_pk"},
    "registered_at": {
        "registered_at": "n.registered_at",
        "known_at": (
            "CASE WHEN n.registered_at IS NOT DISTINCT FROM m.registered_at THEN m.known_at"
            " ELSE least(n.registered_at, coalesce(m.imported_at, m.known_at),"
            " (SELECT min(t.at) FROM profiles_touch AS t WHERE t.member_id = m.id)) END"
        ),
    },
    # Class and date are those of one assessment: the row's, unless it has none or an older one.
    "risk_assessed_on": {
        name: f"CASE WHEN n.risk_assessed_on < m.risk_assessed_on OR n.risk_assessed_on IS NULL"
        f" THEN m.{name} ELSE n.{name} END"
        for name in ("risk_class", "risk_assessed_on")
    },
}


def merge(cursor: Any, batch: Batch) -> Counts:
    """Store the members in pg_temp.imports_parsed."""
    params = {
        **batch.params,
        "back": batch.kind.late_fault(0),
        "unknown": batch.kind.late_fault(1) if batch.last_chance else DEFERRED,
    }
    cursor.execute(_ERASED, {"erased": batch.kind.late_fault(2)})
    cleared = blanks.settle(cursor, batch)
    judge_prospects, judge_repeats, judge_referrers = _JUDGE
    if "registered_at" in batch.present:
        cursor.execute(judge_prospects, params)
        cursor.execute(judge_repeats, params)
    if "referrer_id" in batch.present:
        cursor.execute(judge_referrers, params)
    created = generic.create_references(cursor, batch)
    drop, gather, find_referrers, renamed = _GATHER
    cursor.execute(drop)
    cursor.execute(gather)
    generic.analyze(cursor, "imports_member")
    cursor.execute(find_referrers)
    if "name" in batch.present:
        cursor.execute(renamed)
    insert_members, insert_identities, insert_terms = _INSERT
    cursor.execute(insert_members, params)
    added = cursor.rowcount
    if added:
        cursor.execute(insert_identities, params)
        cursor.execute(insert_terms)
    updated = _update(cursor, batch)
    if "risk_assessed_on" in batch.present:
        cursor.execute(_ASSESS, batch.params)
    # Not where nothing is kept: the time it takes would tell whether a guessed name is the right one.
    if "name" in batch.present and batch.params["import"] is not None:
        _rename(cursor)
    return Counts(added, updated, created, cleared=cleared)


def _update(cursor: Any, batch: Batch) -> int:
    sets = {
        into: value for name, part in _SETS.items() if name in batch.present for into, value in part.items()
    }
    if not sets:
        return 0
    cursor.execute(
        _UPDATE.format(
            wanted=", ".join(f"{value} AS {into}" for into, value in sets.items()),
            stored=", ".join(f"m.{into}" for into in sets),
            values=", ".join(sets.values()),
            sets=", ".join(f"{into} = wanted.{into}" for into in sets),
        ),
        batch.params,
    )
    return int(cursor.rowcount)


def _rename(cursor: Any) -> None:
    """Have those whose name changed found by the new one."""
    cursor.execute(
        "SELECT n.id, n.name, array_agg(i.value) FROM pg_temp.imports_member AS n"
        " JOIN profiles_identity AS i ON i.member_id = n.id AND i.kind = 'member'"
        " WHERE n.is_renamed GROUP BY n.id, n.name"
    )
    people = cursor.fetchall()
    if people:
        terms.update_terms(cursor, people)
