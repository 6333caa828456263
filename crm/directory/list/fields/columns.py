"""The columns that the list of members can show, and which of them a reader sees, in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from crm.directory.list.fields.occasions import OCCASIONS
from crm.directory.list.fields.privacy import is_unmasked
from crm.staff.models import Role, Staff


@dataclass(frozen=True)
class Column:
    """A column: `sort` is the order of its heading, `reads` the fields it shows; `number` aligns right.

    `days` gives what it shows for the members of a page, in a query of its own; without it the rows have it.
    """

    name: str
    label: str | Promise
    reads: tuple[str, ...] = ()
    sort: str = ""
    number: bool = False
    days: Callable[[Sequence[int], datetime], Mapping[int, date]] | None = None


_ALL = (
    Column("stage", gettext_lazy("Stage"), ("Standing.stage",)),
    Column("aum", gettext_lazy("Assets"), ("Standing.aum",), sort="aum", number=True),
    Column("since", gettext_lazy("In stage since"), ("Standing.since",), sort="since"),
    Column("activity", gettext_lazy("Last activity"), ("Standing.last_login_at", "Standing.last_trade_at")),
    Column("due", gettext_lazy("Next expected change"), ("Standing.due_at",), sort="due"),
    Column("manager", gettext_lazy("Relationship manager")),
    Column("registered", gettext_lazy("Registered"), ("Member.registered_at",), sort="registered"),
    Column("risk", gettext_lazy("Risk class"), ("Member.risk_class",)),
    Column("region", gettext_lazy("Region"), ("Member.region",)),
    Column("channel", gettext_lazy("Channel"), ("Member.channel",)),
    Column("login", gettext_lazy("Last login"), ("Standing.last_login_at",)),
    Column("trade", gettext_lazy("Last trade"), ("Standing.last_trade_at",)),
    Column("peak", gettext_lazy("Recent peak assets"), ("Standing.peak_aum",), number=True),
    *(Column(one.name, one.label, one.reads, days=one.read) for one in OCCASIONS),
)
COLUMNS: dict[str, Column] = {column.name: column for column in _ALL}
_DEFAULT = ("stage", "aum", "since", "activity", "manager")
_DEFAULT_OF_MANAGER = ("stage", "aum", "since", "activity", "due")


def columns_for(staff: Staff) -> list[Column]:
    """The columns this person may choose from."""
    return [column for column in _ALL if all(is_unmasked(path, staff) for path in column.reads)]


def columns_named(names: Iterable[str], staff: Staff) -> list[Column]:
    """The columns of these names in their order, each once; without a known and allowed name, the default.

    A relationship manager's default leaves out the manager, who is the reader.
    """
    allowed = {column.name: column for column in columns_for(staff)}
    if wanted := [allowed[name] for name in dict.fromkeys(names) if name in allowed]:
        return wanted
    default = _DEFAULT_OF_MANAGER if staff.role == Role.RELATIONSHIP_MANAGER else _DEFAULT
    return [allowed[name] for name in default if name in allowed]
