"""What each category of finding is called; a category of an own rule pack is shown by its code."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.runtime.extension.labels import Label

CATEGORIES: dict[str, Label] = {
    "guarantee": _("Guaranteed principal or return"),
    "risk_free": _("Risk-free claim"),
    "inducing_term": _("Inducing term"),
    "expected_yield": _("Expected yield"),
    "forecast": _("Performance forecast"),
    "past_performance": _("Past performance"),
    "benchmark_misuse": _("Benchmark shown as return"),
    "ranking": _("Ranking"),
    "superlative": _("Superlative"),
    "unsupported_praise": _("Unsupported praise"),
    "testimonial": _("Testimonial"),
    "state_endorsement": _("State endorsement"),
    "urgency": _("Pressure to act"),
    "herding": _("Herding"),
    "inducement": _("Gift or cash incentive"),
    "comparison": _("Comparison with others"),
    "deposit_analogy": _("Likened to a deposit"),
    "vulnerable_targeting": _("Vulnerable audience"),
    "insider_tip": _("Insider tip"),
    "private_offer": _("Private product offered publicly"),
    "borrow_to_invest": _("Borrowing to invest"),
    "illegal_finance": _("Illegal finance"),
    "missing_risk_warning": _("Risk warning missing"),
    "missing_issuer": _("Issuer or risk rating missing"),
    "missing_opt_out": _("Opt-out missing"),
    "missing_sender": _("Sender missing"),
    "missing_ad_label": _("Advertisement label missing"),
    "past_perf_benchmark_apart": _("Benchmark not beside performance"),
    "video_warning_too_short": _("Video warning too short"),
    "shareholder_without_separation": _("Shareholder without separation statement"),
    "registration_without_statement": _("Registration without statement"),
    "rating_conflict": _("Risk rating differs from the product's"),
    "product_facts_conflict": _("Facts differ from the product's"),
}


def category_label(category: str) -> Label | str:
    """The words for a category."""
    return CATEGORIES.get(category, category)
