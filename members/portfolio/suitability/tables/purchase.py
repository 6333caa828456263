"""The purchase table: may a purchase that the member asked for go on, and only after what?

Rows P1 to P13, in the order in which they decide: what forbids, then what asks for more, then what allows.
P0 is what the product or the operator lacks, H1 the house rule's limit on the jump above the class. P2 and P6
also cover insurance and private products: nothing allows these above the class.
Sources: 证券期货投资者适当性管理办法 19, 20, 22(5); 金融机构产品适当性管理办法 12; AMAC rules (65 years);
FCA COBS 10A (P13). Their grades: docs/suitability.md.
"""

from __future__ import annotations

from enum import StrEnum

from members.portfolio.suitability.tables.facts import (
    ABOVE,
    ADULT,
    HAS_CLASS,
    HIGH_RISK,
    PERSON,
    PROFESSIONAL,
    PURCHASE_ONLY,
    SHARED,
    WITHIN,
    Assessment,
    Outcome,
)
from members.rules.decision_tables.conditions import (
    ALWAYS,
    In,
    Is,
    IsNull,
    Not,
    Ref,
    all_of,
    any_of,
    compare,
)
from members.rules.decision_tables.table import Row, Table


class PurchaseReason(StrEnum):
    """Why a row holds; members.portfolio.suitability.sentences puts each into words."""

    OPERATOR_MAY_NOT = "operator_may_not"
    NOT_OFFERED = "not_offered"
    NOT_REGISTERED = "not_registered"
    NO_RISK_RATING = "no_risk_rating"
    UNDER_REVIEW = "under_review"
    NO_REGIME = "no_regime"
    QUALIFIED_ONLY = "qualified_only"
    PROFESSIONAL_INSTITUTION = "professional_institution"
    AGE_UNKNOWN = "age_unknown"
    UNDERAGE = "underage"
    PROFESSIONAL_PERSON = "professional_person"
    PROFESSIONAL_NOT_RECOGNISED = "professional_not_recognised"
    NOT_ASSESSED = "not_assessed"
    ASSESSMENT_EXPIRED = "assessment_expired"
    ASSESSMENT_WITHDRAWN = "assessment_withdrawn"
    LOWEST_CLASS = "lowest_class"
    ABOVE_CLASS = "above_class"
    NOT_OWN_INITIATIVE = "not_own_initiative"
    ABOVE_HOUSE_LIMIT = "above_house_limit"
    OLD = "old"
    NEEDS_CONFIRMATION = "needs_confirmation"
    NOT_APPROPRIATE = "not_appropriate"
    CONFIRMED = "confirmed"
    HIGH_RISK = "high_risk"
    WARNED = "warned"
    WITHIN_CLASS = "within_class"
    NO_ROW = "no_row"


R = PurchaseReason
_FORBID, _CARE, _ALLOW = Outcome.FORBID, Outcome.CARE, Outcome.ALLOW
_ORDINARY = Not(PROFESSIONAL)
_FS, _BW, _XX = (compare("regime", "=", regime) for regime in ("FS", "BW", "XX"))
_ASSESSED = ("FS", "BW", "IN", "PR")  # nobody without a valid questionnaire
_NOT_ABOVE = ("BW", "IN", "PR")  # nothing above the class
_VALID = compare("assessment", "=", Assessment.VALID)
_ABOVE_R1 = compare("product_risk", ">", 1)
_HIGH_RISK = compare("product_risk", ">=", HIGH_RISK)
# Of an overseas product: nothing says that it is appropriate.
_NOT_APPROPRIATE = all_of(_XX, any_of(Not(_VALID), Not(HAS_CLASS), ABOVE))

_PRODUCT_ROWS = (
    Row("P0", _FORBID, R.OPERATOR_MAY_NOT, Not(Is("may_sell"))),
    Row("P0", _FORBID, R.NOT_OFFERED, Not(Is("is_offered"))),
    Row("P0", _FORBID, R.NOT_REGISTERED, Not(Is("is_registered"))),
    Row("P0", _FORBID, R.NO_RISK_RATING, IsNull("product_risk")),
    Row("P0", _FORBID, R.UNDER_REVIEW, Is("is_under_review")),
    Row("P0", _FORBID, R.NO_REGIME, IsNull("regime")),
)
_FORBIDDING_ROWS = (
    Row("P12", _FORBID, R.QUALIFIED_ONLY, all_of(compare("regime", "=", "PR"), Not(Is("is_qualified")))),
    Row("P9", _ALLOW, R.PROFESSIONAL_INSTITUTION, all_of(Is("is_institution"), In("regime", ("FS", "BW")))),
    Row("P1", _FORBID, R.AGE_UNKNOWN, all_of(PERSON, IsNull("age"), _ABOVE_R1)),
    Row("P1", _FORBID, R.UNDERAGE, all_of(PERSON, Not(IsNull("age")), compare("age", "<", ADULT), _ABOVE_R1)),
    Row("P10", _ALLOW, R.PROFESSIONAL_PERSON, all_of(Is("is_professional_person"), _FS)),
    Row(
        "P11",
        _FORBID,
        R.PROFESSIONAL_NOT_RECOGNISED,
        all_of(Is("is_professional_person"), _BW, any_of(Not(_VALID), ABOVE)),
    ),
    *(
        Row(
            "P2",
            _FORBID,
            reason,
            all_of(_ORDINARY, In("regime", _ASSESSED), compare("assessment", "=", state)),
        )
        for reason, state in (
            (R.NOT_ASSESSED, Assessment.NONE),
            (R.ASSESSMENT_EXPIRED, Assessment.EXPIRED),
            (R.ASSESSMENT_WITHDRAWN, Assessment.WITHDRAWN),
        )
    ),
    Row("P4", _FORBID, R.LOWEST_CLASS, all_of(Is("is_lowest_class"), _ABOVE_R1)),
    Row("P6", _FORBID, R.ABOVE_CLASS, all_of(_ORDINARY, In("regime", _NOT_ABOVE), ABOVE)),
    # Active promotion above the class stays forbidden (22(3)-(4)); of advice on overseas products likewise.
    Row(
        "P5",
        _FORBID,
        R.NOT_OWN_INITIATIVE,
        all_of(_ORDINARY, Not(Is("is_own_initiative")), any_of(all_of(_FS, ABOVE), _NOT_APPROPRIATE)),
    ),
    Row(
        "H1",
        _FORBID,
        R.ABOVE_HOUSE_LIMIT,
        all_of(_ORDINARY, HAS_CLASS, compare("levels_above", ">", Ref("highest_jump"))),
    ),
)
_ASKING_ROWS = (
    Row(
        "P7",
        Outcome.PROCEDURE,
        R.OLD,
        all_of(
            PERSON,
            _ORDINARY,
            _HIGH_RISK,
            Not(IsNull("age")),
            compare("age", ">=", Ref("old_age")),
            Not(Is("is_procedure_done")),
        ),
    ),
    Row(
        "P5",
        Outcome.CONFIRM,
        R.NEEDS_CONFIRMATION,
        all_of(_ORDINARY, _FS, ABOVE, Not(Is("is_confirmed"))),
    ),
    Row(
        "P13",
        Outcome.CONFIRM,
        R.NOT_APPROPRIATE,
        all_of(_ORDINARY, _NOT_APPROPRIATE, Not(Is("is_confirmed"))),
    ),
)
_ALLOWING_ROWS = (
    Row("P5", _CARE, R.CONFIRMED, all_of(_ORDINARY, _FS, _VALID, ABOVE, Is("is_confirmed"))),
    Row("P8", _CARE, R.HIGH_RISK, all_of(_ORDINARY, _FS, _VALID, _HIGH_RISK, WITHIN)),
    Row("P13", _CARE, R.WARNED, all_of(_ORDINARY, _NOT_APPROPRIATE, Is("is_confirmed"))),
    Row("P3", _ALLOW, R.WITHIN_CLASS, all_of(_VALID, HAS_CLASS, WITHIN)),
)

PURCHASE = Table(
    name="purchase",
    version="2026-11",
    outcomes=(_ALLOW, _CARE, Outcome.CONFIRM, Outcome.PROCEDURE, _FORBID),
    facts=(*SHARED, *PURCHASE_ONLY),
    rows=(*_PRODUCT_ROWS, *_FORBIDDING_ROWS, *_ASKING_ROWS, *_ALLOWING_ROWS),
    otherwise=Row("–", _FORBID, R.NO_ROW, ALWAYS),
)
