"""Facts of a member and a product that fit each other, and what they are drawn from."""

from __future__ import annotations

from hypothesis import strategies as st

from members.rules.decision_tables.table import FactType, Table

_FITTING = {
    "has_open_complaint": False,
    "is_broadcast": False,
    "needs_liquidity": False,
    "is_institution": False,
    "is_professional_person": False,
    "is_qualified": False,
    "is_lowest_class": False,
    "is_offered": True,
    "is_registered": True,
    "is_under_review": False,
    "age": 40,
    "highest_risk": 3,
    "product_risk": 2,
    "term_days": 0,
    "horizon_days": None,
    "caution_age": 60,
    "old_age": 65,
    "assessment": "valid",
    "regime": "FS",
    "may_sell": True,
    "is_own_initiative": True,
    "is_confirmed": False,
    "is_procedure_done": False,
    "highest_jump": 5,
    "levels_above": -1,
}
_NEAR = {
    "age": [17, 18, 59, 60, 64, 65],
    "highest_risk": [1, 2, 3, 4, 5],
    "product_risk": [1, 2, 3, 4, 5],
    "levels_above": [-1, 0, 1, 2],
    "highest_jump": [0, 1, 5],
    "term_days": [0, 30, 90, 91],
    "horizon_days": [30, 90],
    "caution_age": [18, 60],
    "old_age": [60, 65],
    "assessment": ["none", "valid", "expired", "withdrawn"],
    "regime": ["FS", "BW", "PR", "IN", "XX"],
}


def fitting(table: Table, **changes: object) -> dict[str, object]:
    """Facts of this table that allow, with changes."""
    return {fact.name: _FITTING[fact.name] for fact in table.facts} | changes


def drawn(table: Table) -> st.SearchStrategy[dict[str, object]]:
    """Any facts of this table, unknown ones among them, near the borders of its rows."""
    return st.fixed_dictionaries(
        {
            fact.name: st.none()
            | (st.booleans() if fact.type is FactType.BOOLEAN else st.sampled_from(_NEAR[fact.name]))
            for fact in table.facts
        }
    )
