"""The filters of one click: parameters of the address that stand for rules over the catalogue.

Any other field is asked by a rule of its own (`?rule=`). A filter whose rule would give away a value that the
reader sees masked is not offered to them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.directory.list.request.regions import stored_region
from crm.staff.models import Role, Staff
from crm.web import formats
from crm.web.ids import parse_id
from crm.web.lists.typed_amounts import parse_typed_amount
from members.lifecycle.models import Stage, SubState, WarningKind
from members.profiles.models import RiskClass
from members.profiles.search.search_members import LONGEST
from members.rules.catalogue.fields import fields
from members.rules.language.tree import All, Any_, FieldIs, Rule, Span

ANY, NONE = "any", "none"
BY_STAGE = frozenset({"stage", "sub_state"})  # the filters that the tabs of the list stand for
MOST_DAYS = 3660
_EARLIEST, _LATEST = date(1900, 1, 1), date(2200, 1, 1)
_AMOUNT = gettext_lazy("Enter an amount of 0 or more, such as 200k.")
_DATE = gettext_lazy("Enter a date such as 2026-11-28.")
_DAYS = gettext_lazy("Enter a whole number of days from 1 to 3660.")
_DAYS_OR_NONE = gettext_lazy("Enter a whole number of days from 0 to 3660.")
_RAISED = {
    ANY: "warning_since",
    WarningKind.IDLE: "idle_warning_since",
    WarningKind.AUM_FALL: "fall_warning_since",
    WarningKind.SIGNAL: "signal_warning_since",
}


@dataclass(frozen=True, kw_only=True)
class QuickFilter:
    """One filter.

    `parse` raises ValueError; `rule` (of a value and the other parsed values) may depend on those; `display`
    is for people. `fields` names all that the rule asks, first the one under whose group the filter stands.
    `valid` says what is right, of what is typed freely.
    """

    label: str | Promise
    parse: Callable[[str], Any]
    rule: Callable[[Any, Mapping[str, Any]], Rule]
    display: Callable[[Any], str]
    fields: tuple[str, ...]
    roles: frozenset[Role] = frozenset(Role)
    valid: str | Promise = ""

    def is_for(self, staff: Staff) -> bool:
        """Whether this person may filter the list by it."""
        return staff.role in self.roles and all(fields[name].is_plain_to(staff) for name in self.fields)


def _is(field: str, operator: str, value: Any = None) -> FieldIs:
    return FieldIs(field, field, operator, value)


def _all(*rules: Rule) -> All:
    return All("", rules)


def _any(*rules: Rule) -> Any_:
    return Any_("", rules)


def _one_of(*choices: Iterable[str]) -> Callable[[str], str]:
    values = frozenset(value for some in choices for value in some)

    def parse(text: str) -> str:
        if text not in values:
            raise ValueError(text)
        return text

    return parse


def _day(text: str) -> date:
    value = date.fromisoformat(text.strip())
    if not _EARLIEST <= value <= _LATEST:
        raise ValueError(text)
    return value


def _days(text: str, least: int = 1) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and least <= int(text) <= MOST_DAYS):
        raise ValueError(text)
    return int(text)


def _manager(text: str) -> int | str:
    return NONE if text == NONE else parse_id(text)


def _text(text: str) -> str:
    if "\0" in text or len(text) > LONGEST:
        raise ValueError(text)
    return text.strip()


def _is_or_none(field: str) -> Callable[[Any, Mapping[str, Any]], Rule]:
    return lambda value, _asked: _is(field, "missing") if value == NONE else _is(field, "=", str(value))


def _compares(field: str, operator: str) -> Callable[[Any, Mapping[str, Any]], Rule]:
    return lambda value, _asked: _is(field, operator, value)


def _warned(kind: str, _asked: Mapping[str, Any]) -> Rule:
    raised = _is("warned", "is", True)  # the members of a small index
    return raised if kind == ANY else _all(raised, _is("warnings", "has_any", (kind,)))


def _no_login_for(days: int, _asked: Mapping[str, Any]) -> Rule:
    """Who never logged in counts from the registration on."""
    span = Span(days=days - 1)
    never = _all(_is("last_login", "missing"), _is("registered_at", "more_than_ago", span))
    return _any(_is("last_login", "more_than_ago", span), never)


def _ends_within(days: int, _asked: Mapping[str, Any]) -> Rule:
    ends = "assessment_ends"
    return _any(_is(ends, "more_than_ago", Span(days=0)), _is(ends, "within_next", Span(days=days)))


def _new_since(day: date, asked: Mapping[str, Any]) -> Rule:
    """Since a day in the stage, or with the warning, that the other filters ask for; else in any."""
    warning = asked.get("warning", "")
    in_stage = _is("stage_since", "on_or_after", day)
    warned = _all(_is("warned", "is", True), _is(_RAISED[warning or ANY], "on_or_after", day))
    if warning and not BY_STAGE & asked.keys():
        return warned
    return in_stage if BY_STAGE & asked.keys() and not warning else _any(in_stage, warned)


def _within(days: int) -> str:
    return _("within %(days)s") % {"days": formats.days(days)} if days else _("ended")


def _label(choices: Any) -> Callable[[Any], str]:
    return lambda value: str(choices(value).label)


def _warning_label(kind: str) -> str:
    return _("any") if kind == ANY else str(WarningKind(kind).label)


def _named(none: str | Promise) -> Callable[[Any], str]:
    return lambda value: str(none) if value == NONE else str(value)


QUICK_FILTERS: dict[str, QuickFilter] = {
    "stage": QuickFilter(
        label=gettext_lazy("Stage"), parse=_one_of(Stage.values), rule=_compares("stage", "="),
        display=_label(Stage), fields=("stage",),
    ),
    "sub_state": QuickFilter(
        label=gettext_lazy("Sub-state"), parse=_one_of(SubState.values), rule=_compares("sub_state", "="),
        display=_label(SubState), fields=("sub_state",),
    ),
    "warning": QuickFilter(
        label=gettext_lazy("Warning"), parse=_one_of([ANY], WarningKind.values), rule=_warned,
        display=_warning_label, fields=("warned", "warnings"),
    ),
    "manager": QuickFilter(
        label=gettext_lazy("Relationship manager"), parse=_manager, rule=_is_or_none("manager"),
        display=_named(gettext_lazy("none")), fields=("manager",),
        roles=frozenset(Role) - {Role.RELATIONSHIP_MANAGER},
    ),
    "new_since": QuickFilter(
        label=gettext_lazy("New since"), parse=_day, rule=_new_since, display=formats.day,
        valid=_DATE, fields=("stage_since", "warned", *_RAISED.values()),
    ),
    "due_days": QuickFilter(
        label=gettext_lazy("Expected change within"), parse=_days, display=formats.days,
        rule=lambda days, _asked: _is("next_change", "within_next", Span(hours=24 * days)),
        valid=_DAYS, fields=("next_change",),
    ),
    "aum_min": QuickFilter(
        label=gettext_lazy("Minimum assets"), parse=parse_typed_amount, rule=_compares("aum", ">="),
        display=formats.full_money, valid=_AMOUNT, fields=("aum",),
    ),
    "aum_max": QuickFilter(
        label=gettext_lazy("Maximum assets"), parse=parse_typed_amount, rule=_compares("aum", "<="),
        display=formats.full_money, valid=_AMOUNT, fields=("aum",),
    ),
    "matures": QuickFilter(
        label=gettext_lazy("Product matures"), parse=_days, display=_within,
        rule=lambda days, _asked: _is("next_maturity", "within_next", Span(days=days)),
        valid=_DAYS, fields=("next_maturity",),
    ),
    "plan": QuickFilter(
        label=gettext_lazy("Savings plan"), parse=_one_of(["missed"]),
        rule=lambda _value, _asked: _is("plan_missed", "is", True),
        display=lambda _value: _("debit missed"), fields=("plan_missed",),
    ),
    "complaint": QuickFilter(
        label=gettext_lazy("Complaint"), parse=_one_of(["open"]),
        rule=lambda _value, _asked: _is("has_complaint", "is", True),
        display=lambda _value: _("Not closed"), fields=("has_complaint",),
    ),
    "idle_days": QuickFilter(
        label=gettext_lazy("No login for"), parse=_days, rule=_no_login_for, display=formats.days,
        valid=_DAYS, fields=("last_login", "registered_at"),
    ),
    "risk": QuickFilter(
        label=gettext_lazy("Risk class"), parse=_one_of(RiskClass.values, [NONE]),
        rule=_is_or_none("risk_class"), display=_named(gettext_lazy("not assessed")), fields=("risk_class",),
    ),
    "assessment": QuickFilter(
        label=gettext_lazy("Assessment expires"), parse=lambda text: _days(text, least=0), rule=_ends_within,
        display=_within, valid=_DAYS_OR_NONE, fields=("assessment_ends",),
    ),
    "region": QuickFilter(
        label=gettext_lazy("Region"), parse=lambda text: stored_region(_text(text)),
        rule=_compares("region", "="), display=str, fields=("region",),
    ),
    "channel": QuickFilter(
        label=gettext_lazy("Channel"), parse=_text, rule=_compares("channel", "="), display=str,
        fields=("channel",),
    ),
    "registered_from": QuickFilter(
        label=gettext_lazy("Registered on or after"), parse=_day,
        rule=_compares("registered_at", "on_or_after"), display=formats.day, valid=_DATE,
        fields=("registered_at",),
    ),
    "registered_to": QuickFilter(
        label=gettext_lazy("Registered on or before"), parse=_day,
        rule=_compares("registered_at", "on_or_before"), display=formats.day, valid=_DATE,
        fields=("registered_at",),
    ),
}  # fmt: skip


def filters_for(staff: Staff) -> dict[str, QuickFilter]:
    """The filters this person may use."""
    return {name: one for name, one in QUICK_FILTERS.items() if one.is_for(staff)}


def rules_of(asked: Mapping[str, Any]) -> dict[str, Rule]:
    """The rules of parsed values, by the name of their filter."""
    return {name: QUICK_FILTERS[name].rule(value, asked) for name, value in asked.items()}
