"""The message table: may this marketing message about this product go to this member?

Rows M0 and M3 to M13; M1, M2 and M12 (approval, consent, personalisation) are put among them by whoever sends
(`Table.with_rows`). Nothing unlocks a message. M0, M3, M10, M11 and the liquidity row of M9 are house policy.
Sources: 证券期货投资者适当性管理办法 18, 21, 22; 金融机构产品适当性管理办法 12; AMAC matching rules.
"""

from __future__ import annotations

from enum import StrEnum

from members.portfolio.suitability.tables.facts import (
    ABOVE,
    ADULT,
    HIGH_RISK,
    LONG_TERM,
    MESSAGE_ONLY,
    PERSON,
    PROFESSIONAL,
    SHARED,
    WITHIN,
    Assessment,
    Outcome,
)
from members.rules.decision_tables.conditions import (
    ALWAYS,
    Is,
    IsNull,
    Not,
    Ref,
    all_of,
    any_of,
    compare,
)
from members.rules.decision_tables.table import Row, Table


class Reason(StrEnum):
    """Why a row holds; members.portfolio.suitability.sentences puts each into words."""

    OPEN_COMPLAINT = "open_complaint"
    AGE_UNKNOWN = "age_unknown"
    UNDERAGE = "underage"
    NOT_ASSESSED = "not_assessed"
    ASSESSMENT_EXPIRED = "assessment_expired"
    ASSESSMENT_WITHDRAWN = "assessment_withdrawn"
    NOT_OFFERED = "not_offered"
    NOT_REGISTERED = "not_registered"
    NO_RISK_RATING = "no_risk_rating"
    UNDER_REVIEW = "under_review"
    NO_REGIME = "no_regime"
    QUALIFIED_ONLY = "qualified_only"
    NO_BROADCAST = "no_broadcast"
    ABOVE_CLASS = "above_class"
    LOWEST_CLASS = "lowest_class"
    TERM_TOO_LONG = "term_too_long"
    NOT_LIQUID = "not_liquid"
    OLD = "old"
    ELDERLY = "elderly"
    WITHIN_CLASS = "within_class"
    NO_ROW = "no_row"


_FORBID, _WARN, _ALLOW = Outcome.FORBID, Outcome.WARN, Outcome.ALLOW
_PRIVATE = all_of(Not(IsNull("regime")), compare("regime", "=", "PR"))
_HIGH_RISK = all_of(Not(IsNull("product_risk")), compare("product_risk", ">=", HIGH_RISK))

MESSAGE = Table(
    name="message",
    version="2026-11",
    outcomes=(_ALLOW, _WARN, _FORBID),
    facts=(*SHARED, *MESSAGE_ONLY),
    rows=(
        Row("M0", _FORBID, Reason.OPEN_COMPLAINT, Is("has_open_complaint")),
        Row("M3", _FORBID, Reason.AGE_UNKNOWN, all_of(PERSON, IsNull("age"))),
        Row("M3", _FORBID, Reason.UNDERAGE, all_of(PERSON, Not(IsNull("age")), compare("age", "<", ADULT))),
        Row("M4", _FORBID, Reason.NOT_ASSESSED, compare("assessment", "=", Assessment.NONE)),
        Row("M4", _FORBID, Reason.ASSESSMENT_EXPIRED, compare("assessment", "=", Assessment.EXPIRED)),
        Row("M4", _FORBID, Reason.ASSESSMENT_WITHDRAWN, compare("assessment", "=", Assessment.WITHDRAWN)),
        Row("M5", _FORBID, Reason.NOT_OFFERED, Not(Is("is_offered"))),
        Row("M5", _FORBID, Reason.NOT_REGISTERED, Not(Is("is_registered"))),
        Row("M5", _FORBID, Reason.NO_RISK_RATING, IsNull("product_risk")),
        Row("M5", _FORBID, Reason.UNDER_REVIEW, Is("is_under_review")),
        Row("M5", _FORBID, Reason.NO_REGIME, IsNull("regime")),
        Row("M6", _FORBID, Reason.QUALIFIED_ONLY, all_of(_PRIVATE, Not(Is("is_qualified")))),
        Row("M6", _FORBID, Reason.NO_BROADCAST, all_of(_PRIVATE, Is("is_broadcast"))),
        Row(
            "M7",
            _FORBID,
            Reason.ABOVE_CLASS,
            all_of(Not(IsNull("product_risk")), Not(IsNull("regime")), ABOVE, Not(PROFESSIONAL)),
        ),
        Row(
            "M8",
            _FORBID,
            Reason.LOWEST_CLASS,
            all_of(Not(IsNull("product_risk")), Is("is_lowest_class"), compare("product_risk", ">", 1)),
        ),
        Row(
            "M9",
            _FORBID,
            Reason.TERM_TOO_LONG,
            all_of(Not(IsNull("horizon_days")), compare("term_days", ">", Ref("horizon_days"))),
        ),
        Row(
            "M9",
            _FORBID,
            Reason.NOT_LIQUID,
            all_of(Is("needs_liquidity"), compare("term_days", ">", LONG_TERM)),
        ),
        Row(
            "M10",
            _FORBID,
            Reason.OLD,
            all_of(PERSON, _HIGH_RISK, Not(IsNull("age")), compare("age", ">=", Ref("old_age"))),
        ),
        Row(
            "M11",
            _WARN,
            Reason.ELDERLY,
            all_of(PERSON, _HIGH_RISK, Not(IsNull("age")), compare("age", ">=", Ref("caution_age"))),
        ),
        Row("M13", _ALLOW, Reason.WITHIN_CLASS, any_of(WITHIN, PROFESSIONAL)),
    ),
    otherwise=Row("–", _FORBID, Reason.NO_ROW, ALWAYS),
)
