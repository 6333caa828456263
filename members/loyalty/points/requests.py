"""The kinds of four-eyes request of points: what they are called, show and do."""

from __future__ import annotations

from crm.staff.four_eyes import requests
from members.loyalty.permissions import ADJUST_POINTS, CONFIGURE_POINTS
from members.loyalty.points.configuration import adjustments, budget, earn_rules, rewards
from members.loyalty.points.sentences import requests as words


def register() -> None:
    """Publish the kinds (from AppConfig.ready)."""
    requests.register(
        earn_rules.KIND,
        earn_rules.apply,
        makers=CONFIGURE_POINTS,
        label=words.EARN_RULE,
        summarise=words.summary,
        describe=words.earn_rule_lines,
        prepare=words.prepare_earn_rules,
        needs_opinion=True,
        page="points-rules",
    )
    for kind, apply, label, describe, page in (
        (rewards.KIND, rewards.apply, words.REWARD, words.reward_lines, "points-rewards"),
        (budget.KIND, budget.apply, words.BUDGET, words.budget_lines, "points-rules"),
    ):
        requests.register(
            kind,
            apply,
            makers=CONFIGURE_POINTS,
            label=label,
            summarise=words.summary,
            describe=describe,
            needs_opinion=True,
            page=page,
        )
    requests.register(
        adjustments.KIND,
        adjustments.apply,
        makers=ADJUST_POINTS,
        label=words.ADJUSTMENT,
        summarise=words.adjustment_summary,
        describe=words.adjustment_lines,
        needs_opinion=True,
    )
