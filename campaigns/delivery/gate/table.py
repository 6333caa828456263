"""The gate's decision table: reference §6.2 for product marketing, §7 for the other kinds of message.

Rows that forbid come before those that defer, so that nothing waits for an instant at which it is forbidden
all the same. Member and product are judged by the message table of members.portfolio.suitability, whose
answer is one fact here; `combine` puts its row and reasons in the place of ours. What is not known counts
against the message.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from members.rules.decision_tables.conditions import Condition, In, Is, Not, all_of, compare
from members.rules.decision_tables.table import Fact, FactType, Row, Table

ALLOW, WARN, DEFER, FORBID = "allow", "warn", "defer", "forbid"
# The rows that stand for the row of suitability that decided.
UNSUITABLE, CAUTION, SUITABLE = "unsuitable", "caution", "suitable"
STANDING_IN = (UNSUITABLE, CAUTION, SUITABLE)
# Why the approval of copy does not hold; the same words are values of the fact.
STATUSES = ("not_approved", "withdrawn", "expired", "lapsed", "other_channel")

_TEXTS = ("purpose", "copy_status", "suitability")
_FLAGS = (
    "is_value_missing", "is_value_refused", "is_offered", "has_address", "is_consented", "is_suppressed",
    "is_sensitive", "is_sensitive_consented", "has_complaint", "is_minor", "is_personalised",
    "is_personalisation_on", "is_quiet", "is_capped",
)  # fmt: skip
_PRODUCT = compare("purpose", "=", "product_marketing")
_OTHER = In("purpose", ("education", "marketing"))


def _forbid(code: str, reason: str, *conditions: Condition) -> Row:
    return Row(code, FORBID, reason, all_of(*conditions))


def _allow(code: str, reason: str, purpose: str) -> Row:
    return Row(code, ALLOW, reason, compare("purpose", "=", purpose))


TABLE = Table(
    name="gate",
    version="1",
    outcomes=(ALLOW, WARN, DEFER, FORBID),
    facts=(
        *(Fact(name, FactType.TEXT, f"{{f}}.{name}") for name in _TEXTS),
        *(Fact(name, FactType.BOOLEAN, f"{{f}}.{name}") for name in _FLAGS),
    ),
    rows=(
        *(_forbid("M1", f"copy_{one}", compare("copy_status", "=", one)) for one in STATUSES),
        _forbid("M1", "value_missing", Is("is_value_missing")),
        _forbid("M1", "value_refused", Is("is_value_refused")),
        _forbid("OR", "operator_may_not", Not(Is("is_offered"))),
        _forbid("M2", "no_address", Not(Is("has_address"))),
        _forbid("M2", "no_consent", Not(Is("is_consented"))),
        _forbid("M2", "suppressed", Is("is_suppressed")),
        _forbid("M2", "no_sensitive_consent", Is("is_sensitive"), Not(Is("is_sensitive_consented"))),
        _forbid("M0", "open_complaint", _OTHER, Is("has_complaint")),
        _forbid("M3", "underage", _OTHER, Is("is_minor")),
        _forbid("M", UNSUITABLE, _PRODUCT, Not(In("suitability", (ALLOW, WARN)))),
        _forbid("M12", "personalisation_off", Is("is_personalised"), Not(Is("is_personalisation_on"))),
        Row("M2", DEFER, "capped", Is("is_capped")),
        Row("M2", DEFER, "quiet_hours", Is("is_quiet")),
        Row("M11", WARN, CAUTION, all_of(_PRODUCT, compare("suitability", "=", WARN))),
        _allow("M13", SUITABLE, "product_marketing"),
        _allow("S1", "service", "service"),
        _allow("S2", "education", "education"),
        _allow("S3", "marketing", "marketing"),
    ),
    otherwise=Row("M1", FORBID, "purpose_unknown", all_of()),
)


@dataclass(frozen=True)
class Ruling:
    """The outcome (allow, defer, forbid), the row that decided, and all reasons, that of the row first."""

    outcome: str
    row: str
    reasons: tuple[str, ...]


def combine(
    code: str, outcome: str, reasons: Sequence[str], suitability: tuple[str, Sequence[str]] | None
) -> Ruling:
    """The gate's answer with the row and reasons of suitability, its deciding row first, put in place.

    `suitability` is its row and its reasons, None where it was not asked. The SQL of verdicts says the same.
    """
    own = tuple(reason for reason in reasons if reason not in STANDING_IN)
    code_there, told = suitability or ("", ())
    if not set(reasons) & set(STANDING_IN):
        return Ruling(ALLOW if outcome == WARN else outcome, code, own)
    decides = reasons[0] in STANDING_IN
    return Ruling(
        ALLOW if outcome == WARN else outcome,
        code_there if decides else code,
        (*told, *own) if decides else (*own, *told),
    )
