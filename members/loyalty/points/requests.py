"""The kinds of four-eyes request of points: what they are called, show and do."""

from __future__ import annotations

from crm.staff.four_eyes import requests
from members.loyalty.permissions import ADJUST_POINTS, CONFIGURE_POINTS
from members.loyalty.points.configuration import adjustments, budget, earn_rules, rewards
from members.loyalty.points.sentences import requests as words


def register() -> None:
    """Publish the kinds (from AppConfig.ready)."""
    for kind, apply, label, describe in (
        (earn_rules.KIND, earn_rules.apply, words.EARN_RULE, words.earn_rule_lines),
        (rewards.KIND, rewards.apply, words.REWARD, words.reward_lines),
        (budget.KIND, budget.apply, words.BUDGET, words.budget_lines),
    ):
        requests.register(
            kind,
            apply,
            makers=CONFIGURE_POINTS,
            label=label,
            summarise=words.summary,
            describe=describe,
            needs_opinion=True,
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
