"""Requests about badges and quests in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.runtime.text.local_names import reads_english
from crm.staff.models import Request
from crm.web import formats
from members.lifecycle.models import Stage
from members.loyalty.models import IncentiveKind, IncentiveVersion, Period, StepOrder
from members.rules.language.errors import BadRules
from members.rules.language.parse import parse
from members.rules.sentences.rule import sentence

Line = tuple[str | Promise, str, str]  # what changes, before, after

REQUEST_KIND = gettext_lazy("Badge or quest")
LABELS: dict[str, Promise] = {
    "name": gettext_lazy("Chinese name"),
    "name_en": gettext_lazy("English name"),
    "rule": gettext_lazy("Rule"),
    "period": gettext_lazy("Awarded"),
    "steps": gettext_lazy("Steps"),
    "step_order": gettext_lazy("Order of the steps"),
    "limit_days": gettext_lazy("Time limit"),
    "points": gettext_lazy("Points"),
    "budget": gettext_lazy("Budget in points"),
    "from_stage": gettext_lazy("From stage"),
    "to_stage": gettext_lazy("To stage"),
    "effect_days": gettext_lazy("Days for the transition"),
    "is_active": gettext_lazy("Active"),
}
_OF_QUESTS, _OF_BADGES = frozenset({"steps", "step_order", "limit_days"}), frozenset({"period"})
_CHOICES = {"period": Period, "step_order": StepOrder, "from_stage": Stage, "to_stage": Stage}


def request_summary(request: Request) -> str:
    """The kind and the name in the reader's language."""
    content = request.proposal["content"]
    params = {"kind": IncentiveKind(request.proposal["kind"]).label, "name": name_of(content)}
    if not content["is_active"]:
        return _("%(kind)s “%(name)s”: end") % params
    return _("%(kind)s “%(name)s”") % params


def request_lines(request: Request) -> list[Line]:
    """What changes, from which day on, and who would have it now."""
    left_out = _OF_QUESTS if request.proposal["kind"] == IncentiveKind.BADGE else _OF_BADGES
    lines: list[Line] = [
        (LABELS[name], value_text(name, request.diff[name][0]), value_text(name, request.diff[name][1]))
        for name in LABELS
        if name in request.diff and name not in left_out
    ]
    starts = datetime.fromisoformat(request.proposal["effective_from"])
    lines.append((_("Effective from"), "", formats.day(starts)))
    if (would := request.proposal.get("would_have")) is not None:
        lines.append((_("Members who match now"), "", formats.number(would)))
    return lines


def version_lines(before: IncentiveVersion | None, after: IncentiveVersion) -> list[Line]:
    """What a version changed against the one before; nothing for the first."""
    if before is None:
        return []
    pairs = [(name, getattr(before, name), getattr(after, name)) for name in LABELS]
    return [
        (LABELS[name], value_text(name, old), value_text(name, new)) for name, old, new in pairs if old != new
    ]


def name_of(given: Mapping[str, Any]) -> str:
    """The name in the reader's language."""
    return str(given["name_en"] if given["name_en"] and reads_english() else given["name"])


def value_text(name: str, value: Any) -> str:
    """A value of a version's content."""
    if value is None or value == "":
        return ""
    if name == "rule":
        return rule_text(value)
    if name == "steps":
        return "; ".join(f"{place}. {name_of(step)}" for place, step in enumerate(value, 1))
    if name in _CHOICES:
        return str(_CHOICES[name](value).label)
    if name == "is_active":
        return _("Yes") if value else _("No")
    if name in ("limit_days", "effect_days"):
        return formats.days(value)
    return formats.number(value) if isinstance(value, int) else str(value)


def rule_text(rule: Any) -> str:
    """A rule in one sentence; as JSON where the catalogue no longer has what it names."""
    try:
        return sentence(parse(rule))
    except BadRules:
        return str(rule)
