"""What members did, many times, and what of them is measured over time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from crm.runtime.extension.labels import Label, untranslated
from crm.runtime.extension.registry import Registry
from crm.staff.models import Staff
from crm.staff.privacy.mask_levels import MaskLevel, mask_level
from crm.staff.privacy.masking import Privacy
from members.rules.catalogue.types import Choice, Type


@dataclass(frozen=True, kw_only=True)
class Property:
    """A property of an activity: `sql` is over its row `a`. `open`: an object of JSON, asked by key.

    `through` tells of a property that stands in other tables: a condition over `a` in which `{condition}`
    stands for one over `sql`. `tables` are these. `counts_from_itself`: a day or an instant of something that
    has not happened before it. `choices_for` are the choices that one person may ask about, where these
    differ: others do not exist.
    """

    name: str
    label: Label
    type: Type
    sql: str
    privacy: tuple[Privacy, ...] = ()
    choices: Callable[[], Sequence[Choice]] | None = None
    choices_for: Callable[[Staff], Sequence[Choice]] | None = None
    open: bool = False
    through: str = "{condition}"
    tables: tuple[str, ...] = ()
    counts_from_itself: bool = False

    def is_plain_to(self, staff: Staff) -> bool:
        """Whether this person may ask about it."""
        return all(mask_level(one.kind, staff) is MaskLevel.PLAIN for one in self.privacy)

    def seen_by(self, staff: Staff) -> Property:
        """The property with the choices that this person may ask about."""
        return replace(self, choices=partial(self.choices_for, staff)) if self.choices_for else self


@dataclass(frozen=True, kw_only=True)
class Activity:
    """Rows of `table`, many a member, each at an instant `at` (an expression over the row `a`).

    With `by_day`, `at` is a platform day, and the row exists from its start on.

    `table` has a column member_id, and an index by it and the instant. `condition` narrows the rows. `label`
    is the activity as a noun ("Transaction"), `did` as what somebody did ("made a transaction").
    """

    name: str
    label: Label
    did: Label
    table: str
    at: str
    privacy: tuple[Privacy, ...]
    properties: tuple[Property, ...] = ()
    condition: str = ""
    by_day: bool = False
    searched_by: tuple[str, ...] = ()

    def is_plain_to(self, staff: Staff) -> bool:
        """Whether this person may ask about it; of its properties each is asked by itself."""
        return all(mask_level(one.kind, staff) is MaskLevel.PLAIN for one in self.privacy)

    def properties_for(self, staff: Staff) -> dict[str, Property]:
        """Those of its properties that this person may ask about, by name."""
        return {one.name: one.seen_by(staff) for one in self.properties if one.is_plain_to(staff)}


@dataclass(frozen=True, kw_only=True)
class Measure:
    """An amount that is known day by day: `value` of the row `a` of `table` on the platform day `day`.

    Between two rows the earlier one holds.
    """

    name: str
    label: Label
    table: str
    day: str
    value: str
    type: Type
    privacy: tuple[Privacy, ...]

    def is_plain_to(self, staff: Staff) -> bool:
        """Whether this person may ask about it."""
        return all(mask_level(one.kind, staff) is MaskLevel.PLAIN for one in self.privacy)


activities: Registry[Activity] = Registry("activity", lambda one: _untranslated(one))
measures: Registry[Measure] = Registry("measure", lambda one: untranslated(one.label))


def _untranslated(activity: Activity) -> Iterator[str]:
    yield from untranslated(activity.label, activity.did, *(one.label for one in activity.properties))


def register(*entries: Activity) -> None:
    """Publish what members do (from AppConfig.ready). Raises RegisteredTwice."""
    for entry in entries:
        activities.add(entry.name, entry)


def register_measures(*entries: Measure) -> None:
    """Publish what is measured over time. Raises RegisteredTwice."""
    for entry in entries:
        measures.add(entry.name, entry)
