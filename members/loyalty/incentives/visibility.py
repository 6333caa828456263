"""Whose badges and quests one sees: that a member has one tells what its rules read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crm.staff.models import Staff
from members.loyalty.models import IncentiveVersion
from members.rules.catalogue.activities import activities, measures
from members.rules.catalogue.fields import fields


def hidden_codes(staff: Staff) -> frozenset[str]:
    """The codes of incentives one of whose versions reads what this person sees masked. One query."""
    versions = IncentiveVersion.objects.values("incentive__code", "rule", "steps")
    return frozenset(one["incentive__code"] for one in versions if not is_seen(one, staff))


def is_seen(version: Mapping[str, Any], staff: Staff) -> bool:
    """Whether this person sees everything plain that the `rule` and `steps` of a version read."""
    rules = (version["rule"], *(step["rule"] for step in version["steps"]))
    return all(reads_only_plain(one, staff) for one in rules)


def reads_only_plain(rule: Any, staff: Staff) -> bool:
    """Whether this person sees everything plain that a rule (JSON as stored) reads."""
    return all(_is_plain(one, staff) for one in _conditions(rule))


def _conditions(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, dict):
        nested = [data.get("all"), data.get("any"), [data["not"]] if "not" in data else None]
        if any(nested):
            for group in nested:
                for one in group or ():
                    yield from _conditions(one)
        else:
            yield data


def _is_plain(condition: dict[str, Any], staff: Staff) -> bool:
    if "field" in condition:
        field = fields.get(condition["field"])
        return field is not None and field.is_plain_to(staff)
    if "change" in condition:
        measure = measures.get(condition["change"])
        return measure is not None and measure.is_plain_to(staff)
    activity = activities.get(condition.get("did", ""))
    if activity is None or not activity.is_plain_to(staff):
        return False
    asked = {str(one["property"]).partition(".")[0] for one in condition.get("where", ())}
    if "sum" in condition:
        asked.add(condition["sum"]["property"])
    return all(one.is_plain_to(staff) for one in activity.properties if one.name in asked)
