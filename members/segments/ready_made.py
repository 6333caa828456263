"""Ready-made segments: the groups that people who run a wealth platform ask for first, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.staff.models import Staff
from members.lifecycle.models import Stage
from members.segments.visibility import reads_only_plain


@dataclass(frozen=True)
class ReadyMade:
    """A segment to begin with: `stage` is the one that it works on, `why` what one would want it for."""

    key: str
    stage: Stage
    name: Promise
    why: Promise
    rule: Mapping[str, Any]


def _is(field: str, op: str, value: Any = None) -> dict[str, Any]:
    return {"field": field, "op": op} | ({} if value is None else {"value": value})


def _all(*rules: Mapping[str, Any]) -> dict[str, Any]:
    return {"all": list(rules)}


READY_MADE = (
    ReadyMade(
        "fresh_leads",
        Stage.ACQUISITION,
        _("Leads with a touch in the last 7 days"),
        _("They have just seen an ad and not registered yet: the days when an invitation works best."),
        _all(_is("stage", "=", "acquisition"), _is("last_touch", "within_last", {"days": 7})),
    ),
    ReadyMade(
        "referred_leads",
        Stage.ACQUISITION,
        _("Referred leads"),
        _("Recommended by an existing member, so a call converts better than for any other lead."),
        _all(_is("stage", "=", "acquisition"), _is("referred", "is", True)),
    ),
    ReadyMade(
        "registered_not_invested",
        Stage.ACTIVATION,
        _("Registered 24 hours ago and not invested"),
        _("The first investment usually comes within days or not at all: help with the first step."),
        _all(
            _is("registered_at", "more_than_ago", {"hours": 24}),
            _is("registered_at", "within_last", {"days": 30}),
            _is("first_invested", "missing"),
        ),
    ),
    ReadyMade(
        "assessed_not_invested",
        Stage.ACTIVATION,
        _("Risk assessed and not invested"),
        _("They completed the risk questionnaire, and it is still valid: show suitable products."),
        _all(
            _is("stage", "=", "activation"),
            _is("assessment_ends", "within_next", {"days": 366}),
            {"not": _is("assessment_ends", "within_next", {"days": 0})},  # on the day it ends it is not valid
        ),
    ),
    ReadyMade(
        "two_products_no_plan",
        Stage.GROWTH,
        _("At least two products, no saving plan"),
        _("They already invest in several products. A saving plan turns that into a habit."),
        _all(_is("product_count", ">=", 2), _is("has_plan", "is", False)),
    ),
    ReadyMade(
        "matures_soon",
        Stage.GROWTH,
        _("Product matures within 7 days"),
        _("The payout leaves the platform unless there is an offer for it: call before it is paid."),
        _all(_is("next_maturity", "within_next", {"days": 7})),
    ),
    ReadyMade(
        "plan_missed",
        Stage.GROWTH,
        _("Missed saving plan debit"),
        _("Insufficient balance or second thoughts: ask before the plan is cancelled."),
        _all(_is("plan_missed", "is", True)),
    ),
    ReadyMade(
        "silent_vip",
        Stage.MATURITY,
        _("VIP by assets, silent for 30 days"),
        _("High assets and no contact: losing one of them costs as much as losing many others."),
        _all(_is("aum", ">=", 1_000_000), _is("last_activity", "more_than_ago", {"days": 30})),
    ),
    ReadyMade(
        "mature_one_product",
        Stage.MATURITY,
        _("Mature members with one product"),
        _("All their assets are in one product: diversification lowers risk and churn."),
        _all(_is("stage", "=", "maturity"), _is("product_count", "=", 1)),
    ),
    ReadyMade(
        "questionnaire_expires",
        Stage.MATURITY,
        _("Risk questionnaire expires within 30 days"),
        _("Without a valid questionnaire they cannot buy: have it renewed before it expires."),
        _all(_is("assessment_ends", "within_next", {"days": 30})),
    ),
    ReadyMade(
        "assets_fell",
        Stage.DECLINE,
        _("Assets fell by 30% within 14 days"),
        _("Money is leaving now. A call within days still learns the reason."),
        {"change": "aum", "direction": "fell", "by": {"share": 0.3}, "within": {"days": 14}},
    ),
    ReadyMade(
        "at_risk_with_assets",
        Stage.DECLINE,
        _("At risk with assets"),
        _("Activity is fading but the assets are still here: the win-back with the best return."),
        _all(_is("sub_state", "=", "at_risk"), _is("aum", ">=", 100_000)),
    ),
    ReadyMade(
        "dormant_with_assets",
        Stage.DECLINE,
        _("Dormant with assets"),
        _("No activity for a long time, but assets remain: check whether they can be reached."),
        _all(_is("sub_state", "=", "dormant"), _is("aum", ">", 0)),
    ),
)


def by_key(key: str) -> ReadyMade | None:
    """The ready-made segment of this key."""
    return next((one for one in READY_MADE if one.key == key), None)


def offered_to(staff: Staff) -> list[ReadyMade]:
    """Those whose rule this person may ask, in the order of the stages."""
    return [one for one in READY_MADE if reads_only_plain(one.rule, staff)]
