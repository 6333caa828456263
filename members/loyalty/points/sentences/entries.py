"""Entries of the ledger in words, for the member's pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from members.loyalty.models import EarnRuleVersion, EntryKind, PointsEntry, RewardVersion


@dataclass(frozen=True)
class ShownEntry:
    """An entry with its kind and reason in words."""

    entry: PointsEntry
    kind: str
    reason: str


def shown_entries(entries: Sequence[PointsEntry]) -> list[ShownEntry]:
    """Two queries at most, for the names of rules and rewards."""
    versions = {one.rule_version_id for one in entries if one.rule_version_id is not None}
    rules = {
        one.pk: one.rule.local_name
        for one in EarnRuleVersion.objects.filter(pk__in=versions).select_related("rule")
    }
    offered = {one.reward_version_id for one in entries if one.reward_version_id is not None}
    rewards = {
        one.pk: one.reward.local_name
        for one in RewardVersion.objects.filter(pk__in=offered).select_related("reward")
    }
    return [ShownEntry(one, str(EntryKind(one.kind).label), _reason(one, rules, rewards)) for one in entries]


def _reason(entry: PointsEntry, rules: dict[int, str], rewards: dict[int, str]) -> str:
    if entry.rule_version_id in rules:
        return rules[entry.rule_version_id]
    if entry.reward_version_id in rewards:
        return rewards[entry.reward_version_id]
    if entry.reason == "fact_changed":
        return _("The transaction or event was corrected")
    return entry.reason
