"""Changes of rule packs in words: refusals, requests, names of categories and fields."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaigns.review.models import RulePack
from campaigns.review.pack_changes.draft import BASES, RULES, Refusal
from crm.staff.models import Request
from crm.web import formats

Line = tuple[str | Promise, str, str]  # what changes, before, after

KIND_LABEL = gettext_lazy("Rule pack")
REFUSALS: dict[str, Promise] = {
    Refusal.NO_PACK: gettext_lazy("There is no such rule pack."),
    Refusal.BAD_RULE: gettext_lazy("The rule cannot be read. %(fault)s"),
    Refusal.CODE_TAKEN: gettext_lazy("Another rule has this code."),
    Refusal.EDITED_MEANWHILE: gettext_lazy(
        "Somebody else has edited the draft. Reload the page and make the change again."
    ),
    Refusal.NO_CHANGES: gettext_lazy("The draft has no changes."),
    Refusal.TOO_EARLY: gettext_lazy("The effective date cannot be in the past or before the latest version."),
    Refusal.BASE_CHANGED: gettext_lazy(
        "Another version has been published since. Try the draft on it, then submit it again."
    ),
    Refusal.PREVIEW_REQUIRED: gettext_lazy("Try the draft on stored copy first."),
}
SEVERITIES = {
    "warn": gettext_lazy("Warning"),
    "require_disclosure": gettext_lazy("Disclosure required"),
    "block": gettext_lazy("Blocked"),
}
FIELDS = {
    "category": gettext_lazy("Category"),
    "severity": gettext_lazy("Severity"),
    "why_zh": gettext_lazy("Reason (Chinese)"),
    "why_en": gettext_lazy("Reason (English)"),
    "mend_zh": gettext_lazy("Suggested fix (Chinese)"),
    "mend_en": gettext_lazy("Suggested fix (English)"),
    "patterns": gettext_lazy("Patterns"),
    "passed": gettext_lazy("Not flagged"),
    "negated": gettext_lazy("Ignore negated matches"),
    "change": gettext_lazy("Exceptions"),
    "rule": gettext_lazy("Rule"),
    "basis": gettext_lazy("Legal basis"),
}
CATEGORIES = {
    "guarantee": gettext_lazy("Guarantee"),
    "risk_free": gettext_lazy("Risk-free claim"),
    "inducing_term": gettext_lazy("Inducing term"),
    "expected_yield": gettext_lazy("Expected yield"),
    "forecast": gettext_lazy("Forecast"),
    "past_performance": gettext_lazy("Past performance"),
    "benchmark_misuse": gettext_lazy("Benchmark misuse"),
    "ranking": gettext_lazy("Ranking or rating"),
    "superlative": gettext_lazy("Superlative"),
    "unsupported_praise": gettext_lazy("Unsupported praise"),
    "testimonial": gettext_lazy("Testimonial"),
    "state_endorsement": gettext_lazy("State endorsement"),
    "urgency": gettext_lazy("Urgency"),
    "herding": gettext_lazy("Herding"),
    "inducement": gettext_lazy("Inducement"),
    "comparison": gettext_lazy("Comparison"),
    "deposit_analogy": gettext_lazy("Deposit analogy"),
    "vulnerable_targeting": gettext_lazy("Vulnerable targeting"),
    "insider_tip": gettext_lazy("Insider tip"),
    "private_offer": gettext_lazy("Private offer"),
    "borrow_to_invest": gettext_lazy("Borrowing to invest"),
    "illegal_finance": gettext_lazy("Illegal finance"),
    "missing_risk_warning": gettext_lazy("Missing risk warning"),
    "missing_issuer": gettext_lazy("Missing issuer or rating"),
    "missing_opt_out": gettext_lazy("Missing opt-out"),
    "missing_sender": gettext_lazy("Missing sender"),
    "missing_ad_label": gettext_lazy("Missing advertisement label"),
    "past_perf_benchmark_apart": gettext_lazy("Performance without benchmark beside it"),
    "video_warning_too_short": gettext_lazy("Video risk card too short"),
    "shareholder_without_separation": gettext_lazy("Shareholder without separation statement"),
    "registration_without_statement": gettext_lazy("Registration without statement"),
    "rating_conflict": gettext_lazy("Rating conflict"),
    "product_facts_conflict": gettext_lazy("Product facts conflict"),
}


def category_label(category: str) -> str:
    """A category in words; one that an installation has added by its code."""
    return str(CATEGORIES.get(category, category))


def severity_label(severity: str) -> str:
    """A severity in words."""
    return str(SEVERITIES.get(severity, severity))


def expected(category: str, severity: str) -> str:
    """What an example must give."""
    return f"{category_label(category)} · {severity_label(severity)}" if category else _("No finding")


def summary(request: Request) -> str:
    """A requested version in a few words."""
    count = sum(len(request.proposal["changes"].get(part, {})) for part in (RULES, BASES))
    return ngettext(
        "Rule pack %(name)s: %(count)s change", "Rule pack %(name)s: %(count)s changes", count
    ) % {"name": request.proposal["name"], "count": count}


def lines(request: Request) -> list[Line]:
    """What a version changes, from which day on, and what its trial found."""
    told = [difference_line(name, *pair) for name, pair in request.diff.items()]
    told.append(
        (_("Effective from"), "", formats.day(date.fromisoformat(request.proposal["effective_from"])))
    )
    found = request.proposal.get("trial", {})
    if found:
        words = _("%(added)s newly flagged, %(released)s released, of %(total)s") % found
        told.append((_("Stored copy"), "", words))
        words = _("%(failed_count)s of %(examples)s examples fail") % found
        told.append((_("Examples"), "", words))
    return told


def difference_line(name: str, before: Any, after: Any) -> Line:
    """A line of a diff {"rule code field": [before, after]}; of lists only what came and went."""
    code, _sign, field = name.rpartition(" ")
    label = f"{code} · {FIELDS.get(field, field)}"
    if field == "rule":
        return label, _text(before), _("Removed")
    if field == "category":
        return label, category_label(before or ""), category_label(after or "")
    if isinstance(before or [], list) and isinstance(after or [], list):
        gone = [one for one in before or [] if one not in (after or [])]
        came = [one for one in after or [] if one not in (before or [])]
        return label, _text(gone), _text(came)
    return label, _text(before), _text(after)


def version_words(version: RulePack) -> str:
    """Who made and approved a version, or that it was shipped."""
    if version.maker is None:
        return _("Shipped with the product")
    return _("Drafted by %(maker)s, approved by %(approver)s") % {
        "maker": version.maker, "approver": version.approver,
    }  # fmt: skip


def _text(value: Any) -> str:
    if value in (None, "", []):
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Sequence) and not isinstance(value, str):
        return " · ".join(one if isinstance(one, str) else _as_json(one) for one in value)
    return severity_label(value) if isinstance(value, str) else _as_json(value)


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
