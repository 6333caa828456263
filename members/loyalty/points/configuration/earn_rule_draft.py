"""What an earn rule is to say, checked against the catalogue and the programme."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from crm.staff.models import Staff
from members.loyalty.models import EarnRuleVersion, Expiry, Tier
from members.loyalty.points.configuration.refusals import ChangeRefused, Refusal
from members.rules.catalogue.activities import activities
from members.rules.catalogue.types import Type
from members.rules.language.parse import parse
from members.rules.language.tree import Did

MOST_POINTS = 10**9
MOST_DAYS = 366
MOST_MONTHS = 120
MOST_MULTIPLIER = Decimal(100)


@dataclass(frozen=True)
class EarnRuleDraft:
    """The values of EarnRuleVersion; amounts and multipliers are texts of decimals, as JSON keeps them."""

    activity: str
    points: int
    expiry: str
    where: list[dict[str, Any]] = field(default_factory=list)
    member_rule: dict[str, Any] | None = None
    per: str = ""
    unit: str | None = None
    multipliers: dict[str, str] = field(default_factory=dict)
    cap_day: int | None = None
    cap_month: int | None = None
    pending_days: int = 0
    expiry_months: int = 0
    grace_days: int = 0
    budget: int | None = None
    is_active: bool = True

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def of(version: EarnRuleVersion) -> EarnRuleDraft:
        """What a version says."""
        values = {name: getattr(version, name) for name in EarnRuleDraft.__dataclass_fields__}
        values["unit"] = None if version.unit is None else f"{version.unit.normalize():f}"
        return EarnRuleDraft(**values)

    @staticmethod
    def from_json(values: Mapping[str, Any]) -> EarnRuleDraft:
        return EarnRuleDraft(**values)

    def columns(self) -> dict[str, Any]:
        """The values as a version has them."""
        return asdict(self) | {"unit": None if self.unit is None else Decimal(self.unit)}


def did_of(activity: str, where: list[dict[str, Any]], staff: Staff | None = None) -> Did:
    """The activity and its conditions as the rule language has them. Raises BadRules."""
    rule = parse({"did": activity, "where": where}, staff=staff)
    assert isinstance(rule, Did)
    return rule


def check(draft: EarnRuleDraft, programme_id: int, staff: Staff | None) -> None:
    """Raises ChangeRefused, or BadRules where the conditions are wrong."""
    did_of(draft.activity, draft.where, staff)
    if activities[draft.activity].table == "loyalty_pointsentry":
        raise ChangeRefused(Refusal.EARNS_FROM_ITSELF)
    if draft.member_rule is not None:
        parse(draft.member_rule, staff=staff)
    _check_numbers(draft)
    _check_per(draft)
    _check_multipliers(draft, programme_id)
    if draft.expiry not in Expiry.values or (draft.expiry == Expiry.ROLLING) != (draft.expiry_months > 0):
        raise ChangeRefused(Refusal.BAD_EXPIRY)
    if draft.expiry != Expiry.YEAR_END and draft.grace_days:
        raise ChangeRefused(Refusal.BAD_EXPIRY)


def _check_numbers(draft: EarnRuleDraft) -> None:
    limits = (
        (draft.points, 1, MOST_POINTS),
        (draft.pending_days, 0, MOST_DAYS),
        (draft.expiry_months, 0, MOST_MONTHS),
        (draft.grace_days, 0, MOST_DAYS),
        (draft.cap_day, 1, MOST_POINTS),
        (draft.cap_month, 1, MOST_POINTS),
        (draft.budget, 0, 10**15),
    )
    if any(value is not None and not least <= value <= most for value, least, most in limits):
        raise ChangeRefused(Refusal.BAD_NUMBER)
    if draft.cap_day is not None and draft.cap_month is not None and draft.cap_day > draft.cap_month:
        raise ChangeRefused(Refusal.CAPS_ORDER)


def _check_per(draft: EarnRuleDraft) -> None:
    amounts = [
        one.name
        for one in activities[draft.activity].properties
        if one.type in (Type.MONEY, Type.NUMBER) and not one.open and not one.tables
    ]
    if draft.per and draft.per not in amounts or bool(draft.per) != (draft.unit is not None):
        raise ChangeRefused(Refusal.BAD_PROPERTY)
    if draft.unit is not None and not Decimal("0.01") <= Decimal(draft.unit) <= 10**9:
        raise ChangeRefused(Refusal.BAD_NUMBER)


def _check_multipliers(draft: EarnRuleDraft, programme_id: int) -> None:
    known = set(Tier.objects.filter(programme=programme_id).values_list("code", flat=True))
    for tier, factor in draft.multipliers.items():
        if tier not in known:
            raise ChangeRefused(Refusal.BAD_TIER)
        if not 0 < Decimal(factor) <= MOST_MULTIPLIER:
            raise ChangeRefused(Refusal.BAD_NUMBER)
