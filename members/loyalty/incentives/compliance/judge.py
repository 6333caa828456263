"""Judge what an incentive rewards, before anybody can propose it. Fail-closed.

Points depend only on what is listed here as harmless: learning, the questionnaire as such, signing in, the
member's own record. Whatever asks for buying, holding or referring may be a badge or a step, without points.
What names a product or a risk above R1 is refused whatever it gives: it would not suit every member.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from members.loyalty.incentives.compliance.basis import Refused
from members.loyalty.incentives.compliance.conditions import Asked, conditions
from members.rules.language.parse import parse
from members.rules.language.tree import Changed, Did, FieldIs, PropertyIs

HARMLESS_FIELDS = frozenset(
    (
        *("registered_at", "known_at", "risk_class", "risk_assessed_on", "assessment_ends", "investor_type"),
        *("last_login", "last_event", "last_touch", "channel", "campaign", "tags", "member_id", "number"),
        *("birth_date", "sex", "in_household", "manager", "assigned_since", "has_complaint"),
        "complaint_since",
    )
)
HARMLESS_ACTIVITIES = frozenset({"login", "risk_assessment", "touch", "complaint"})
UNINVESTED_STAGES = frozenset({"acquisition", "activation"})
SUITS_EVERYBODY = frozenset({"R1"})  # the risk that every class may hold
NAMES_PRODUCT = frozenset({"product", "products"})
NAMED_RULES = frozenset({"segment", "badges", "quests_completed"})  # judged by the rules that they stand for
_RISK_ANSWERS = frozenset({"=", "!=", "in", "not_in"})
# Names of events that tell of buying, in either language.
BUYING_WORDS = (
    *("buy", "bought", "purchase", "invest", "subscri", "deposit", "order", "pay", "trade", "redeem", "plan"),
    *("申购", "认购", "购买", "买入", "投资", "定投", "下单", "支付", "充值", "转入", "交易", "入金"),
)
REFERRING_WORDS = ("refer", "invite", "邀请", "推荐")


@dataclass(frozen=True)
class Finding:
    """A refusal at a place: "rule" or "steps[0].rule", followed by the JSON path within the rule."""

    place: str
    refused: Refused


def judge(content: Mapping[str, Any]) -> list[Finding]:
    """All findings of the content of a version (its rules are parsed already); none: it may be proposed."""
    return list(dict.fromkeys(_findings(content)))


def _findings(content: Mapping[str, Any]) -> Iterator[Finding]:
    steps = content["steps"]
    rewarded = _deciding(steps, content["step_order"]) if content["points"] else set()
    is_badge = not steps
    yield from _judge_rule(content["rule"], "rule", has_points=bool(content["points"]), awards=is_badge)
    for place, step in enumerate(steps):
        yield from _judge_rule(
            step["rule"], f"steps[{place}].rule", has_points=place in rewarded, awards=True
        )


def _deciding(steps: list[dict[str, Any]], order: str) -> set[int]:
    """Which steps decide about the points: the rewarded, and in a fixed order all before the last of them."""
    rewarded = {place for place, step in enumerate(steps) if step["rewarded"]}
    if order == "fixed" and rewarded:
        return set(range(max(rewarded) + 1))
    return rewarded


def _judge_rule(data: Any, place: str, *, has_points: bool, awards: bool) -> Iterator[Finding]:
    for asked in conditions(parse(data)):
        at = f"{place}{asked.path.removeprefix('$')}"
        if awards and asked.wanted and _names_unsuitable(asked):
            yield Finding(at, Refused.ABOVE_RISK_CLASS)
        elif awards and _asks_for_an_answer(asked):
            yield Finding(at, Refused.RISK_ANSWER)
        elif has_points and asked.wanted and (refused := _not_for_points(asked)):
            yield Finding(at, refused)


def _names_unsuitable(asked: Asked) -> bool:
    """Whether it names a product, or a risk that some member may not hold."""
    condition = asked.condition
    if isinstance(condition, FieldIs):
        return condition.field in NAMES_PRODUCT and condition.operator not in ("not_empty", "present")
    if not isinstance(condition, Did) or condition.activity != "transaction":
        return False
    return any(_property_is_unsuitable(one) for one in condition.where)


def _property_is_unsuitable(one: PropertyIs) -> bool:
    if one.property in NAMES_PRODUCT:
        return one.operator not in ("present", "missing")
    if one.property != "product_risk":
        return False
    if one.operator in ("=", "in"):
        return not set(_values(one.value)) <= SUITS_EVERYBODY
    return True


def _asks_for_an_answer(asked: Asked) -> bool:
    """Whether it awards a particular outcome of the questionnaire: nobody is led to answer in one way."""
    condition = asked.condition
    if isinstance(condition, FieldIs):
        return condition.field in ("risk_class", "investor_type") and condition.operator in _RISK_ANSWERS
    if isinstance(condition, Did) and condition.activity == "risk_assessment":
        return any(one.operator in _RISK_ANSWERS for one in condition.where)
    return False


def _not_for_points(asked: Asked) -> Refused | None:
    """Why points may not depend on it; None: they may."""
    condition = asked.condition
    if isinstance(condition, Changed):
        return Refused.GIFT_FOR_BUYING
    if isinstance(condition, Did):
        return _activity_not_for_points(condition)
    if condition.field in NAMED_RULES:
        return None if asked.is_expanded else Refused.NOT_REVIEWED
    if condition.field in HARMLESS_FIELDS:
        return None
    if condition.field == "referred":
        return Refused.GIFT_FOR_REFERRAL
    if condition.field == "stage":
        chosen = set(_values(condition.value)) if condition.operator in ("=", "in") else {""}
        return None if chosen <= UNINVESTED_STAGES else Refused.GIFT_FOR_BUYING
    return Refused.GIFT_FOR_BUYING if condition.field in _MONEY_FIELDS else Refused.NOT_REVIEWED


_MONEY_FIELDS = frozenset(
    (
        *("aum", "recent_peak", "steady_since", "first_invested", "last_trade", "total_bought", "has_plan"),
        *("products", "categories", "product_count", "next_maturity", "maturing_amount", "tier"),
    )
)


def _activity_not_for_points(condition: Did) -> Refused | None:
    if condition.activity in HARMLESS_ACTIVITIES:
        return None
    if condition.activity == "transaction":
        return Refused.GIFT_FOR_BUYING
    if condition.activity != "event":
        return Refused.NOT_REVIEWED
    names = [one for one in condition.where if one.property == "name" and one.operator in ("=", "in")]
    if not names:
        return Refused.NOT_REVIEWED
    words = " ".join(str(value).casefold() for one in names for value in _values(one.value))
    if any(word in words for word in REFERRING_WORDS):
        return Refused.GIFT_FOR_REFERRAL
    return Refused.GIFT_FOR_BUYING if any(word in words for word in BUYING_WORDS) else None


def _values(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)
