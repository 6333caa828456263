"""The rules of a pack: in effect, in draft, its versions, and what they find in a text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaigns.review.models import PackDraft, RulePack
from campaigns.review.pack_changes import draft, publish_version
from campaigns.review.pack_changes.compare import try_text
from campaigns.review.pack_changes.draft import RULES
from campaigns.review.pack_changes.sentences import category_label, severity_label, version_words
from campaigns.review.permissions import CHANGE_RULES, SEE_RULES
from campaigns.review.rules.effective import pack_at
from campaigns.review.wording.lines import basis_text
from crm.runtime import clock
from crm.runtime.text.local_names import reads_english
from crm.staff.four_eyes import inbox
from crm.staff.links import REQUESTS
from crm.staff.permissions import SEE_REQUESTS, allowed, may
from crm.web.components import tabs
from crm.web.responses import StaffRequest, render_page

SHOWN_REQUESTS, SHOWN_VERSIONS = 5, 10
LONGEST_TEXT = 5000
TONES = {"block": "bad", "require_disclosure": "warn", "warn": ""}


@dataclass(frozen=True)
class ShownRule:
    """A rule in a list; `state` of the draft: "", "new", "changed" or "removed"."""

    code: str
    category: str
    severity: str
    tone: str
    why: str
    patterns: int
    state: str


@dataclass(frozen=True)
class ShownFinding:
    """What a rule found in a text that was tried; `change`: kept, added or released by the draft."""

    rule: str
    category: str
    severity: str
    tone: str
    text: str
    why: str
    basis: str
    change: str


@allowed(SEE_RULES)
@require_http_methods(["GET", "HEAD", "POST"])
def wording_rules(request: StaffRequest) -> HttpResponse:
    """The rules of one pack, its versions and the requests to change it.

    With a text (POST): what the rules in effect find in it, and the draft where there is one; stores nothing.
    """
    now = clock.now()
    if request.method != "POST":
        return _page(request, request.GET.get("pack", "cn"), now)
    name, text = request.POST.get("pack", "cn"), request.POST.get("text", "")[:LONGEST_TEXT]
    return _page(request, name, now, tried={"text": text, "findings": _tried(text, _latest(name), now)})


def _page(
    request: StaffRequest, name: str, now: datetime, tried: Mapping[str, Any] | None = None
) -> HttpResponse:
    latest, made = _latest(name), draft.open_draft(name)
    effective = RulePack.objects.in_effect(name, clock.day_of(now))
    context = {
        "pack": latest,
        "packs": tabs([(one, one) for one in _names()], name, request.GET, name="pack"),
        "effective": effective or latest,
        "upcoming": latest if effective and latest.pk != effective.pk else None,
        "draft": made,
        "rules": _shown_rules(latest, made, request.GET.get("q", "").strip()),
        "q": request.GET.get("q", ""),
        "versions": [(one, version_words(one)) for one in _versions(name)],
        "tried": tried,
        "may_change": may(request.user, CHANGE_RULES),
        "all_requests": REQUESTS.address(),
        "back": f"{reverse('wording-rules')}?pack={name}",
        "requests": None,
    }
    if may(request.user, SEE_REQUESTS):
        rows = inbox.visible(request.user).filter(kind=publish_version.KIND, proposal__name=name)
        context["requests"] = inbox.shown_all(rows.order_by("-made_at")[:SHOWN_REQUESTS], request.user, now)
    return render_page(request, "review/rules/rules.html", context)


def _latest(name: str) -> RulePack:
    try:
        return draft.latest_version(name)
    except draft.RulesRefused as error:
        raise Http404 from error


def _names() -> Sequence[str]:
    return sorted(RulePack.objects.values_list("name", flat=True).distinct())


def _versions(name: str) -> Sequence[RulePack]:
    found = RulePack.objects.filter(name=name).select_related("maker", "approver")
    return list(found.order_by("-number")[:SHOWN_VERSIONS])


def _shown_rules(version: RulePack, made: PackDraft | None, query: str) -> list[ShownRule]:
    """The rules of a version with those of the draft in their place, as far as they hold the query."""
    changes = dict(made.changes.get(RULES, {})) if made else {}
    shown = []
    for one in version.rules.order_by("position"):
        state = "" if one.code not in changes else "changed" if changes[one.code] else "removed"
        shown.append(_shown_rule(changes.pop(one.code, None) or one.content, state))
    shown += [_shown_rule(entry, "new") for entry in changes.values() if entry]
    shown.sort(key=lambda one: one.code)
    return [one for one in shown if query.lower() in f"{one.code} {one.category} {one.why}".lower()]


def _shown_rule(entry: Mapping[str, Any], state: str) -> ShownRule:
    return ShownRule(
        entry["id"],
        category_label(entry["category"]),
        severity_label(entry["severity"]),
        TONES[entry["severity"]],
        entry["why_en" if reads_english() else "why_zh"],
        len(entry.get("patterns", ())),
        state,
    )


def _tried(text: str, version: RulePack, now: datetime) -> list[ShownFinding]:
    before, made = pack_at(version.name, now), draft.open_draft(version.name)
    after = draft.compiled_draft(version, made.changes, now) if made else before
    language = "en" if reads_english() else "zh"
    changes = {"kept": "", "added": _("Draft only"), "released": _("Released by the draft")}
    return [
        ShownFinding(
            one.rule.id,
            category_label(one.rule.category),
            severity_label(one.severity.value),
            TONES[one.severity.value],
            text[one.start : one.end],
            one.rule.why[language],
            basis_text(after.bases.get(one.rule.category, ()), language),
            changes[change],
        )
        for one, change in try_text(text, before, after)
    ]
