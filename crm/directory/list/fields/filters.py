"""The filters of the list of members: how each is parsed from text, and its condition in SQL.

One registry serves the address, the form, saved views and the export. A filter that would give away a value
which the reader sees masked is not offered to them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.directory.list.fields.occasions import OCCASIONS, parse_days
from crm.directory.list.fields.privacy import is_unmasked
from crm.runtime.clock import day_of, day_start
from crm.staff.models import Role, Staff
from crm.web import formats
from crm.web.ids import parse_id
from crm.web.lists.typed_amounts import parse_typed_amount
from members.lifecycle.evaluation.bits import WARNINGS
from members.lifecycle.models import Stage, SubState, Warning, WarningKind
from members.profiles.models import Book, RiskClass
from members.profiles.search.search_members import LONGEST

ANY, NONE = "any", "none"
BY_STAGE = frozenset({"stage", "sub_state"})  # the filters that the tabs of the list stand for
_EARLIEST, _LATEST = date(1900, 1, 1), date(2200, 1, 1)


@dataclass(frozen=True)
class Filter:
    """One filter.

    `parse` raises ValueError; `condition` (of a value, now) is over Standing; `display` is for people.
    `reads` names the fields behind it; `column` is the sort column that it is a range of, if any.
    """

    label: str | Promise
    parse: Callable[[str], Any]
    condition: Callable[[Any, datetime], Q]
    display: Callable[[Any], str]
    reads: tuple[str, ...] = ()
    column: str = ""
    roles: frozenset[Role] = frozenset(Role)

    def is_for(self, staff: Staff) -> bool:
        """Whether this person may filter the list by it."""
        return staff.role in self.roles and all(is_unmasked(path, staff) for path in self.reads)


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


def _manager(text: str) -> int | str:
    return NONE if text == NONE else parse_id(text)


def _text(text: str) -> str:
    if "\0" in text or len(text) > LONGEST:
        raise ValueError(text)
    return text.strip()


def _has_warning(kind: str, _now: datetime) -> Q:
    raised = Q(warnings__gt=0)  # the condition of the partial index
    if kind == ANY:
        return raised
    bit = next(bit for bit, name in WARNINGS.items() if name == kind)
    return raised & Q(warnings__in=[bits for bits in range(sum(WARNINGS) + 1) if bits & bit])


def _managed_by(manager: int | str, _now: datetime) -> Q:
    books = Book.objects.filter(ended_at=None)
    if manager == NONE:
        return ~Q(Exists(books.filter(member=OuterRef("member_id"))))
    return Q(member__in=books.filter(staff_id=manager).values("member"))


def _no_login_for(days: int, now: datetime) -> Q:
    start = day_start(day_of(now) - timedelta(days=days - 1))
    return Q(last_login_at__lt=start) | Q(last_login_at=None, member__registered_at__lt=start)


def _entered(day: date, asked: Mapping[str, Any]) -> Q:
    """Since a day in the stage, or with the warning, that the other filters ask for; else in any."""
    start, warning = day_start(day), asked.get("warning", "")
    open_warnings = Warning.objects.filter(
        member=OuterRef("member_id"), ended_at=None, superseded_at=None, raised_at__gte=start
    )
    if warning not in ("", ANY):
        open_warnings = open_warnings.filter(kind=warning)
    in_stage, warned = Q(since__gte=start), Q(warnings__gt=0) & Q(Exists(open_warnings))
    if warning and not BY_STAGE & asked.keys():
        return warned
    return in_stage if BY_STAGE & asked.keys() and not warning else in_stage | warned


def _label(choices: Any) -> Callable[[Any], str]:
    return lambda value: str(choices(value).label)


def _warning_label(kind: str) -> str:
    return _("any") if kind == ANY else str(WarningKind(kind).label)


_ALL_BUT_MANAGERS = frozenset(Role) - {Role.RELATIONSHIP_MANAGER}
FILTERS: dict[str, Filter] = {
    "stage": Filter(
        gettext_lazy("Stage"), _one_of(Stage.values), lambda value, _now: Q(stage=value), _label(Stage),
        ("Standing.stage",),
    ),
    "sub_state": Filter(
        gettext_lazy("Sub-state"), _one_of(SubState.values), lambda value, _now: Q(sub_state=value),
        _label(SubState), ("Standing.sub_state",),
    ),
    "warning": Filter(
        gettext_lazy("Warning"), _one_of([ANY], WarningKind.values), _has_warning, _warning_label,
        ("Standing.warnings",),
    ),
    "manager": Filter(
        gettext_lazy("Relationship manager"), _manager, _managed_by, str, roles=_ALL_BUT_MANAGERS
    ),
    "channel": Filter(
        gettext_lazy("Channel"), _text, lambda code, _now: Q(member__channel__code=code), str,
        ("Member.channel",),
    ),
    "region": Filter(
        gettext_lazy("Region"), _text, lambda value, _now: Q(member__region=value), str, ("Member.region",)
    ),
    "risk": Filter(
        gettext_lazy("Risk class"), _one_of(RiskClass.values, [NONE]),
        lambda value, _now: Q(member__risk_class=None if value == NONE else value),
        lambda value: _("not assessed") if value == NONE else value, ("Member.risk_class",),
    ),
    "aum_min": Filter(
        gettext_lazy("Minimum assets"), parse_typed_amount,
        lambda value, _now: Q(aum__gte=value), formats.money,
        ("Standing.aum",), column="aum",
    ),
    "aum_max": Filter(
        gettext_lazy("Maximum assets"), parse_typed_amount,
        lambda value, _now: Q(aum__lte=value), formats.money,
        ("Standing.aum",), column="aum",
    ),
    "registered_from": Filter(
        gettext_lazy("Registered on or after"), _day,
        lambda day, _now: Q(member__registered_at__gte=day_start(day)), formats.day,
        ("Member.registered_at",), column="registered_at",
    ),
    "registered_to": Filter(
        gettext_lazy("Registered on or before"), _day,
        lambda day, _now: Q(member__registered_at__lt=day_start(day + timedelta(days=1))), formats.day,
        ("Member.registered_at",), column="registered_at",
    ),
    "idle_days": Filter(
        gettext_lazy("No login for"), parse_days, _no_login_for, formats.days, ("Standing.last_login_at",)
    ),
    "due_days": Filter(
        gettext_lazy("Expected change within"), parse_days,
        lambda days, now: Q(due_at__lt=now + timedelta(days=days)),
        formats.days, ("Standing.due_at",), column="due_at",
    ),
    "new_since": Filter(
        gettext_lazy("New since"), _day, lambda day, _now: _entered(day, {}), formats.day,
        ("Standing.since", "Warning.raised_at"),
    ),
    **{
        one.name: Filter(one.filter_label, one.parse, one.condition, one.display, one.reads)
        for one in OCCASIONS
    },
}  # fmt: skip


def filters_for(staff: Staff) -> dict[str, Filter]:
    """The filters this person may use."""
    return {name: one for name, one in FILTERS.items() if one.is_for(staff)}


def conditions(asked: Mapping[str, Any], now: datetime) -> dict[str, Q]:
    """The conditions of parsed values, by the name of their filter; some depend on the others asked for."""
    found = {name: FILTERS[name].condition(value, now) for name, value in asked.items()}
    if "new_since" in asked:
        found["new_since"] = _entered(asked["new_since"], asked)
    return found
