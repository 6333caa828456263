"""What may be asked of the list of members: the fields, how each is read from text, what it means in SQL.

One registry serves the address, the form, saved views and the export. A field that betrays what the reader
sees masked is not offered to them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.runtime.clock import day_of, day_start
from crm.staff.models import Role, Staff
from crm.web import formats
from crm.web.lists.paging import amount
from crm.web.responses import BadQuery
from members.lifecycle.evaluation.bits import WARNINGS
from members.lifecycle.models import Stage, SubState, WarningKind
from members.lifecycle.privacy import CLASSES as LIFECYCLE
from members.profiles.masking import Form, form_of, may_arrange_by
from members.profiles.models import Book, RiskClass
from members.profiles.search.find import LONGEST

ANY, NONE = "any", "none"
FARTHEST = 3660  # days
Words = str | Promise
_EARLIEST, _LATEST = date(1900, 1, 1), date(2200, 1, 1)


@dataclass(frozen=True)
class Field:
    """One filter. `read` raises ValueError; `condition` is over Standing; `reads` names the data behind it.

    `column` is the sort column that it is a range of, if any.
    """

    label: Words
    read: Callable[[str], Any]
    condition: Callable[[Any, datetime], Q]
    words: Callable[[Any], str]
    reads: tuple[str, ...] = ()
    column: str = ""
    roles: frozenset[Role] = frozenset(Role)

    def offered_to(self, staff: Staff) -> bool:
        """Whether this person may narrow a list by it."""
        return staff.role in self.roles and all(plain_to(path, staff) for path in self.reads)


def plain_to(path: str, staff: Staff) -> bool:
    """Whether this person sees a field ("Standing.aum") in plain, so that lists may be arranged by it."""
    model, _dot, name = path.partition(".")
    if model == "Member":
        return may_arrange_by(name, staff)
    return form_of(LIFECYCLE[model][name].kind, staff) is Form.PLAIN


def _one_of(*known: Iterable[str]) -> Callable[[str], str]:
    values = frozenset(value for some in known for value in some)

    def read(text: str) -> str:
        if text not in values:
            raise ValueError(text)
        return text

    return read


def _money(text: str) -> Decimal:
    value = amount(text.replace(",", "").strip())
    if value < 0:
        raise ValueError(text)
    return value


def _day(text: str) -> date:
    value = date.fromisoformat(text.strip())
    if not _EARLIEST <= value <= _LATEST:
        raise ValueError(text)
    return value


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= FARTHEST):
        raise ValueError(text)
    return int(text)


def _manager(text: str) -> int | str:
    if text == NONE:
        return text
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise ValueError(text)
    return int(text)


def _short(text: str) -> str:
    if "\0" in text or len(text) > LONGEST:
        raise ValueError(text)
    return text.strip()


def _has_warning(kind: str, _now: datetime) -> Q:
    raised = Q(warnings__gt=0)  # what the partial index holds
    if kind == ANY:
        return raised
    bit = next(bit for bit, name in WARNINGS.items() if name == kind)
    return raised & Q(warnings__in=[bits for bits in range(sum(WARNINGS) + 1) if bits & bit])


def _managed_by(manager: int | str, _now: datetime) -> Q:
    books = Book.objects.filter(ended_at=None)
    if manager == NONE:
        return ~Q(Exists(books.filter(member=OuterRef("member_id"))))
    return Q(member__in=books.filter(staff_id=manager).values("member"))


def _idle(days: int, now: datetime) -> Q:
    start = day_start(day_of(now) - timedelta(days=days - 1))
    return Q(last_login_at__lt=start) | Q(last_login_at=None, member__registered_at__lt=start)


def _label(choices: Any) -> Callable[[Any], str]:
    return lambda value: str(choices(value).label)


def _warning_words(kind: str) -> str:
    return _("any") if kind == ANY else str(WarningKind(kind).label)


_OVERSEES = frozenset(Role) - {Role.RELATIONSHIP_MANAGER}
FIELDS: dict[str, Field] = {
    "stage": Field(
        gettext_lazy("Stage"), _one_of(Stage.values), lambda value, _now: Q(stage=value), _label(Stage),
        ("Standing.stage",),
    ),
    "sub_state": Field(
        gettext_lazy("Sub-state"), _one_of(SubState.values), lambda value, _now: Q(sub_state=value),
        _label(SubState), ("Standing.sub_state",),
    ),
    "warning": Field(
        gettext_lazy("Warning"), _one_of([ANY], WarningKind.values), _has_warning, _warning_words,
        ("Standing.warnings",),
    ),
    "manager": Field(
        gettext_lazy("Relationship manager"), _manager, _managed_by, str, roles=_OVERSEES
    ),
    "channel": Field(
        gettext_lazy("Channel"), _short, lambda code, _now: Q(member__channel__code=code), str,
        ("Member.channel",),
    ),
    "region": Field(
        gettext_lazy("Region"), _short, lambda value, _now: Q(member__region=value), str, ("Member.region",)
    ),
    "risk": Field(
        gettext_lazy("Risk class"), _one_of(RiskClass.values, [NONE]),
        lambda value, _now: Q(member__risk_class=None if value == NONE else value),
        lambda value: _("not assessed") if value == NONE else value, ("Member.risk_class",),
    ),
    "aum_min": Field(
        gettext_lazy("Minimum assets"), _money, lambda value, _now: Q(aum__gte=value), formats.money,
        ("Standing.aum",), column="aum",
    ),
    "aum_max": Field(
        gettext_lazy("Maximum assets"), _money, lambda value, _now: Q(aum__lte=value), formats.money,
        ("Standing.aum",), column="aum",
    ),
    "registered_from": Field(
        gettext_lazy("Registered on or after"), _day,
        lambda day, _now: Q(member__registered_at__gte=day_start(day)), formats.day,
        ("Member.registered_at",), column="registered_at",
    ),
    "registered_to": Field(
        gettext_lazy("Registered on or before"), _day,
        lambda day, _now: Q(member__registered_at__lt=day_start(day + timedelta(days=1))), formats.day,
        ("Member.registered_at",), column="registered_at",
    ),
    "idle_days": Field(
        gettext_lazy("No login for"), _days, _idle, formats.days, ("Standing.last_login_at",)
    ),
    "due_days": Field(
        gettext_lazy("Expected change within"), _days,
        lambda days, now: Q(due_at__lt=now + timedelta(days=days)),
        formats.days, ("Standing.due_at",), column="due_at",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Filters:
    """What the reader asked for: values by field, a search text, and what was asked for but left out."""

    values: Mapping[str, Any]
    text: str = ""
    sort: str = ""
    left_out: tuple[str, ...] = ()

    def __getattr__(self, name: str) -> Any:
        """The value of a field, empty where it is not asked for: {{ filters.stage }}."""
        if name in FIELDS:
            return self.values.get(name, "")
        raise AttributeError(name)

    @property
    def only_by_stage(self) -> bool:
        """Whether the counts by stage and sub-state are also the size of this list."""
        return not self.text and set(self.values) <= {"stage", "sub_state"}


def _read(name: str, text: str) -> Any:
    try:
        return FIELDS[name].read(text)
    except ValueError as error:
        said = {"name": FIELDS[name].label, "value": text.replace("\0", "")[:40]}
        raise BadQuery(_("%(name)s: “%(value)s” is not valid.") % said) from error


def read_filters(parameters: Mapping[str, str], staff: Staff, known: Iterable[str] = ()) -> Filters:
    """The filters among some parameters; `known` are other names that belong there.

    A name nobody knows, or not for this reader, is left out and named. Raises BadQuery on a value that the
    field cannot have.
    """
    values, left_out, others = {}, [], {"q", "sort", *known}
    for name in parameters:
        text = parameters[name]
        if name in FIELDS and FIELDS[name].offered_to(staff):
            if text.strip():
                values[name] = _read(name, text)
        elif name not in others:
            left_out.append(name.replace("\0", "")[:40])
    for low, high in (("aum_min", "aum_max"), ("registered_from", "registered_to")):
        if low in values and high in values and values[low] > values[high]:
            said = {"low": FIELDS[low].label, "high": FIELDS[high].label}
            raise BadQuery(_("“%(low)s” is greater than “%(high)s”.") % said)
    text = parameters.get("q", "").replace("\0", "").strip()[:LONGEST]
    return Filters(values, text, parameters.get("sort", ""), tuple(left_out[:5]))


def conditions(filters: Filters, now: datetime) -> dict[str, Q]:
    """The condition of each field asked for, over Standing."""
    return {name: FIELDS[name].condition(value, now) for name, value in filters.values.items()}
