"""Changes of suitability as kinds of four-eyes request: what they are called, show and do."""

from __future__ import annotations

from crm.staff.four_eyes import requests
from crm.staff.permissions import DECIDE_REQUEST
from members.portfolio.permissions import CHANGE_SUITABILITY, VERIFY_STATUS
from members.portfolio.suitability.change import house_rule, rating, status
from members.portfolio.suitability.sentences import requests as sentences


def register() -> None:
    """Publish the kinds (from AppConfig.ready)."""
    requests.register(
        rating.KIND,
        rating.apply,
        DECIDE_REQUEST,
        makers=CHANGE_SUITABILITY,
        label=sentences.RATING_KIND,
        summarise=sentences.rating_summary,
        describe=sentences.rating_lines,
        prepare=sentences.prepare_ratings,
        needs_opinion=True,
        page="product-ratings",
    )
    requests.register(
        house_rule.KIND,
        house_rule.apply,
        DECIDE_REQUEST,
        makers=CHANGE_SUITABILITY,
        label=sentences.RULE_KIND,
        summarise=sentences.rule_summary,
        describe=sentences.rule_lines,
        needs_opinion=True,
        page="house-rule",
    )
    requests.register(
        status.KIND,
        status.apply,
        DECIDE_REQUEST,
        makers=VERIFY_STATUS,
        label=sentences.STATUS_KIND,
        summarise=sentences.status_summary,
        describe=sentences.status_lines,
        needs_opinion=True,
    )
