"""Entries of the ledger in words, for the member's pages."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from crm.runtime.extension.registry import Registry
from crm.web import formats
from members.loyalty.models import EarnRuleVersion, EntryKind, PointsEntry, RewardVersion

# Names of what brought points, by its number: of entries with the key "<prefix>:<number>:…".
Origin = Callable[[Collection[int]], Mapping[int, str]]
_origins: Registry[Origin] = Registry("origin of points")


def register_origin(prefix: str, names: Origin) -> None:
    """Publish what names the entries whose keys begin with a prefix (from ready()). One query each."""
    _origins.add(prefix, names)


@dataclass(frozen=True)
class ShownEntry:
    """An entry with its kind and reason in words."""

    entry: PointsEntry
    kind: str
    reason: str


def shown_entries(entries: Sequence[PointsEntry]) -> list[ShownEntry]:
    """A query each for the names of rules and rewards, for origins, and for what expired; none for none."""
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
    other = {**_origin_names(entries), **_earned_on(entries)}
    return [
        ShownEntry(
            one,
            str(EntryKind(one.kind).label),
            rules.get(one.rule_version_id or 0)
            or rewards.get(one.reward_version_id or 0)
            or other.get(one.id)
            or _stored_reason(one),
        )
        for one in entries
    ]


def _origin_names(entries: Sequence[PointsEntry]) -> dict[int, str]:
    """Names of what brought the points of entries, by the entries' ids."""
    numbers = {one.id: found for one in entries if (found := _origin_of(one.key))}
    named: dict[int, str] = {}
    for prefix in {prefix for prefix, _number in numbers.values()}:
        names = _origins[prefix]({number for other, number in numbers.values() if other == prefix})
        named |= {
            entry: names[number]
            for entry, (other, number) in numbers.items()
            if other == prefix and number in names
        }
    return named


def _origin_of(key: str) -> tuple[str, int] | None:
    prefix, _colon, rest = key.partition(":")
    number = rest.partition(":")[0]
    return (prefix, int(number)) if prefix in _origins and number.isascii() and number.isdecimal() else None


def _earned_on(entries: Sequence[PointsEntry]) -> dict[int, str]:
    """When the points were earned that expired, by the ids of the entries that took them."""
    lapsed = [one for one in entries if one.kind == EntryKind.EXPIRE]
    if not lapsed:
        return {}
    earned = PointsEntry.objects.filter(
        member_id__in={one.member_id for one in lapsed}, id__in={one.of_entry for one in lapsed}
    )
    days = dict(earned.values_list("id", "at"))
    return {
        one.id: _("Earned on %(day)s") % {"day": formats.day(days[one.of_entry])}
        for one in lapsed
        if one.of_entry in days
    }


def _stored_reason(entry: PointsEntry) -> str:
    if entry.reason == "fact_changed":
        return _("The transaction or event was corrected")
    return entry.reason
