"""Publish a draft: proposed by one person on the basis of a trial, stored once a second one approves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from campaigns.review.models import PackDraft, RulePack
from campaigns.review.pack_changes.draft import (
    BASES,
    RULES,
    Refusal,
    RulesRefused,
    changed_source,
    compiled_draft,
    earliest_day,
    has_changes,
    latest_version,
)
from campaigns.review.pack_changes.trial import valid_trial
from campaigns.review.permissions import CHANGE_RULES
from crm.runtime import clock
from crm.staff.four_eyes import requests
from crm.staff.models import Request, Staff
from crm.staff.permissions import require

KIND = "review.rule_pack"
COUNTS = ("total", "added", "released", "examples", "failed_count")  # of a trial, for the approver


def propose(
    draft: PackDraft, *, effective_from: date, reason: str, maker: Staff, revision: int, now: datetime
) -> Request:
    """Ask for the draft as a version in effect from a platform day on.

    Raises NotAllowed, RulesRefused, and what requests.propose raises.
    """
    require(maker, CHANGE_RULES)
    base = latest_version(draft.name)
    if draft.revision != revision:
        raise RulesRefused(Refusal.EDITED_MEANWHILE)
    if draft.base_id != base.pk:
        raise RulesRefused(Refusal.BASE_CHANGED)
    if not has_changes(draft):
        raise RulesRefused(Refusal.NO_CHANGES)
    if effective_from < earliest_day(base, now):
        raise RulesRefused(Refusal.TOO_EARLY)
    trial = valid_trial(draft, now)
    content = {"name": draft.name, "changes": draft.changes, "effective_from": effective_from.isoformat()}
    return requests.propose(
        kind=KIND,
        content=content,
        proposal=content
        | {
            "base": base.pk,
            "content_hash": changed_source(base, draft.changes).content_hash,
            "trial": {name: (trial.result or {}).get(name, 0) for name in COUNTS},
        },
        diff=changes_as_diff(base, draft.changes),
        summary=f"Rule pack {draft.name}: {len(draft.changes.get(RULES, {}))} rules",
        reason=reason,
        maker=maker,
        now=now,
    )


def apply(request: Request, now: datetime) -> None:
    """Store the approved version; where its day has passed it applies from the day of approval.

    Raises BasisChanged where another version has been published since the request was made.
    """
    asked = request.proposal
    base = latest_version(asked["name"])
    if base.pk != asked["base"]:
        raise requests.BasisChanged(Refusal.BASE_CHANGED)
    compiled_draft(base, asked["changes"], now)
    RulePack.objects.create(
        name=base.name,
        number=_next_number(base.name),
        version=_next_version(base),
        effective_from=max(date.fromisoformat(asked["effective_from"]), clock.day_of(now)),
        extends=base.extends,
        severities=base.severities,
        content_hash=asked["content_hash"],
        base=base,
        changes=asked["changes"],
        note=request.reason,
        maker=request.maker,
        approver=request.checker,
        request_id=request.pk,
    )
    PackDraft.objects.filter(name=base.name, changes=asked["changes"]).delete()


def changes_as_diff(base: RulePack, changes: Mapping[str, Any]) -> dict[str, list[Any]]:
    """{"rule code field": [before, after]} of what changes, for the approver's eyes."""
    stored = dict(base.rules.filter(code__in=changes.get(RULES, {})).values_list("code", "content"))
    diff: dict[str, list[Any]] = {}
    for code, entry in changes.get(RULES, {}).items():
        before, after = stored.get(code) or {}, entry or {}
        if entry is None:
            diff[f"{code} rule"] = [before.get("severity"), None]
            continue
        for name in sorted({*before, *after} - {"id"}):
            if before.get(name) != after.get(name):
                diff[f"{code} {name}"] = [before.get(name), after.get(name)]
    kept: dict[str, list[str]] = {}
    for one in base.bases.filter(category__in=changes.get(BASES, {})).order_by("category", "position"):
        kept.setdefault(one.category, []).append(f"{one.law} {one.article} [{one.grade}] {one.status}")
    for category, entries in changes.get(BASES, {}).items():
        after = [
            f"{one['law']} {one.get('article', '')} [{one['grade']}] {one.get('status', 'in_force')}"
            for one in entries
        ]
        diff[f"{category} basis"] = [kept.get(category, []), after]
    return diff


def _next_number(name: str) -> int:
    return 1 + max(RulePack.objects.filter(name=name).values_list("number", flat=True), default=0)


def _next_version(base: RulePack) -> str:
    """2026.11, then 2026.11.1, 2026.11.2 …"""
    root = base
    while root.base is not None:
        root = root.base
    taken = set(RulePack.objects.filter(name=base.name).values_list("version", flat=True))
    return next(one for one in (f"{root.version}.{n}" for n in range(1, 10_000)) if one not in taken)
