"""Requests of points in words: what each is about, and its lines before and after."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.runtime.text.local_names import reads_english
from crm.staff.models import Request
from crm.web import formats
from members.loyalty.models import Expiry, Tier
from members.loyalty.points.configuration.earn_rule_draft import did_of
from members.rules.catalogue.activities import activities
from members.rules.language.errors import BadRules
from members.rules.language.parse import parse
from members.rules.sentences.rule import sentence

Line = tuple[str | Promise, str, str]  # what changes, before, after
EARN_RULE = gettext_lazy("Earn rule")
REWARD = gettext_lazy("Reward")
BUDGET = gettext_lazy("Points budget")
ADJUSTMENT = gettext_lazy("Points adjustment")
STARTS = gettext_lazy("Effective from")

_TIERS = "points_tiers"  # beside the fields of a request

LABELS = {
    "activity": gettext_lazy("What members do"),
    "where": gettext_lazy("Conditions"),
    "member_rule": gettext_lazy("Members"),
    "points": gettext_lazy("Points"),
    "per": gettext_lazy("Points per amount of"),
    "unit": gettext_lazy("Amount for these points"),
    "multipliers": gettext_lazy("Tier multipliers"),
    "cap_day": gettext_lazy("Cap per day"),
    "cap_month": gettext_lazy("Cap per month"),
    "pending_days": gettext_lazy("Pending period"),
    "expiry": gettext_lazy("Expiry"),
    "expiry_months": gettext_lazy("Months until expiry"),
    "grace_days": gettext_lazy("Grace period"),
    "budget": gettext_lazy("Budget"),
    "is_active": gettext_lazy("Active"),
    "cost": gettext_lazy("Cost to us"),
    "value": gettext_lazy("Retail price"),
    "stock_added": gettext_lazy("Stock added"),
}


def summary(request: Request) -> str:
    """The name of the rule or reward, or that it is the budget."""
    name, english = request.proposal.get("name", ""), request.proposal.get("name_en", "")
    return english if english and reads_english() else name or str(BUDGET)


def earn_rule_lines(request: Request) -> Sequence[Line]:
    """What changes in an earn rule, and what its maker saw of the effect."""
    lines = [*_lines(request, request.__dict__[_TIERS]), _start(request)]
    if preview := request.proposal.get("preview"):
        text = _("%(members)s members, %(points)s points a month") % {
            "members": formats.number(preview["members"]),
            "points": formats.number(preview["points"]),
        }
        lines.append((_("Estimated effect"), "", text))
    return lines


def prepare_earn_rules(requests: Sequence[Request]) -> None:
    """Read once for many requests what earn_rule_lines() needs. One query."""
    names: dict[int, dict[str, str]] = {}
    for tier in Tier.objects.order_by("rank"):
        names.setdefault(tier.programme_id, {})[tier.code] = tier.local_name
    for request in requests:
        request.__dict__[_TIERS] = names.get(request.proposal["programme"], {})


def reward_lines(request: Request) -> Sequence[Line]:
    """What changes in a reward."""
    return [*_lines(request), _start(request)]


def budget_lines(request: Request) -> Sequence[Line]:
    """The budget before and after."""
    before, after = request.diff["points"]
    return [(BUDGET, formats.number(before), formats.number(after)), _start(request)]


def adjustment_summary(request: Request) -> str:
    """How many points, and of which member."""
    return _("%(points)s points for member %(member)s") % {
        "points": signed(request.proposal["points"]),
        "member": request.proposal["member"],
    }


def adjustment_lines(request: Request) -> Sequence[Line]:
    """The balance before and after, and when what is added lapses."""
    before, after = request.diff["points"]
    lines: list[Line] = [(_("Balance"), formats.number(before), formats.number(after))]
    if expires := request.proposal["expires_at"]:
        lines.append((_("Expiry"), "", formats.day(datetime.fromisoformat(expires))))
    return lines


def signed(points: int) -> str:
    """+1,200 or −300."""
    return f"+{points:,}" if points > 0 else formats.number(points)


def _lines(request: Request, tiers: Mapping[str, str] | None = None) -> list[Line]:
    """What differs; `tiers` are names by code."""
    after = request.proposal["values"]
    before = after | {name: held for name, (held, _new) in request.diff.items()}
    return [
        (label, _value(name, before[name], before, tiers), _value(name, after[name], after, tiers))
        for name, label in LABELS.items()
        if name in request.diff and any(_says_something(one) for one in request.diff[name])
    ]


def _says_something(value: Any) -> bool:
    return value is False or value not in (None, "", [], {}, 0)


def _start(request: Request) -> Line:
    return STARTS, "", formats.day(datetime.fromisoformat(request.proposal["effective_from"]))


def _value(name: str, value: Any, values: Mapping[str, Any], tiers: Mapping[str, str] | None) -> str:
    """A value of a version in words; `values` are all of its version, for what they mean together."""
    if value in (None, "", [], {}):
        return formats.NOTHING
    word: Callable[[Any], str] | None = _WORDS.get(name)
    if name == "where":
        return rule_in_words({"did": values["activity"], "where": value})
    if name == "multipliers":
        return ", ".join(f"{(tiers or {}).get(tier, tier)} ×{factor}" for tier, factor in value.items())
    if name in ("activity", "per"):
        return _named(values["activity"], value if name == "per" else "")
    return word(value) if word else formats.number(value)


def rule_in_words(data: Mapping[str, Any]) -> str:
    """A rule as a sentence; as it is written where the catalogue no longer knows it."""
    try:
        if "did" in data:
            return sentence(did_of(data["did"], data["where"]))
        return sentence(parse(data))
    except BadRules:
        return str(data)


def _named(activity: str, amount: str) -> str:
    """The label of an activity, or of an amount of it; its name where the catalogue no longer has it."""
    known = activities.get(activity)
    if known is None or not amount:
        return str(known.label) if known else activity
    return str(next((one.label for one in known.properties if one.name == amount), amount))


def _flag(value: bool) -> str:
    return _("Yes") if value else _("No")


def _money(value: str) -> str:
    return formats.money(Decimal(value))


_WORDS: Mapping[str, Callable[[Any], str]] = {
    "member_rule": rule_in_words,
    "unit": _money,
    "pending_days": formats.days,
    "expiry": lambda value: str(Expiry(value).label),
    "grace_days": formats.days,
    "is_active": _flag,
    "cost": _money,
    "value": _money,
}
