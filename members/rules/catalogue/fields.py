"""The fields of a member: filters, columns, orders and export of lists, rules and the API read these."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from functools import partial
from typing import Any

from django.utils.safestring import SafeString

from crm.runtime.extension.labels import Label, untranslated
from crm.runtime.extension.registry import Registry
from crm.staff.models import Role, Staff
from crm.staff.privacy.mask_levels import PLAIN_TO_OWN_MANAGER, MaskLevel, mask_level
from crm.staff.privacy.masking import Privacy
from members.rules.catalogue.types import Choice, Type


@dataclass(frozen=True)
class Source:
    """A table with at most one row a member, read under `alias`: `key` holds the member's id.

    `optional`: some members have no row. `condition` narrows the rows ("book.ended_at IS NULL"). The members
    themselves are the source "m".
    """

    alias: str
    table: str
    key: str
    optional: bool = False
    condition: str = ""


class Past(Enum):
    """Whether a field's value on a past day is known, where no expression of its own tells it."""

    SAME = "same"  # the value never changes, or is an instant that counts from itself on
    UNKNOWN = "unknown"  # only the value of now is kept


@dataclass(frozen=True)
class Index:
    """The index that serves a list in the order of a field, and the direction that is asked for first.

    `by` is the CHOICE field that leads the index: it is read once for each choice, and merged. `among` are
    smaller indexes by the FLAG field of whose members they consist. Ties run by member, the way the value
    runs, or against it (`ties_opposed`). `complete`: no member is without a value.
    """

    name: str
    descending: bool = True
    by: str = ""
    among: Mapping[str, str] = field(default_factory=dict)
    ties_opposed: bool = False
    complete: bool = False


@dataclass(frozen=True, kw_only=True)
class Display:
    """How cells show a field otherwise than its type says.

    `sql` is what they show, where it is not the value: an expression like that of the field, which may also
    use %(english)s. `html` renders it for a page, `text` for a file.
    """

    sql: str = ""
    html: Callable[[Any], SafeString | str] | None = None
    text: Callable[[Any], object] | None = None


@dataclass(frozen=True, kw_only=True)
class Field:
    """One thing to know of a member.

    `sql` is an expression over `m` and the sources named in `sources`; it may use the parameters %(now)s (the
    instant asked about) and %(today)s (its platform day). Of a SET it is an array of texts. `past` is the
    same expression over facts with their history, for an instant that has gone by, or says that there is
    none. `next` is the expression of the first instant after %(now)s at which the value changes by itself;
    None: never. `privacy` are the classes of all that it is made of. `tables` are those whose changes can
    change it. `choices` are the values of a CHOICE or SET, read anew each time; None: any text. `unit` stands
    behind a number. `index`: lists can be sorted by it. `searched_by` are other words by which people look
    for it. `decrypt` reads a value that is encrypted at rest, of which SQL only tells whether there is one.
    `past_next` is to `past` what `next` is to `sql`, by the facts that came after; where `past` is `sql` it
    may be left out. `references` gives the rules, as JSON, that values of it stand for ("in segment X"): they
    may not lead back to each other.
    `choices_for` are the choices that one person may ask about, where these differ: others do not exist.
    `happens`: its label says what happens at its instant or day ("Registered"), not when ("Last login").
    `negated` says of a FLAG who does not have it ("without warnings"), as the label says who has.
    `known_since` is the instant from which on the past is known of the values that are asked for (None: all),
    where that differs by value; None: not yet.
    `lookup` is a statement for the `id`s of the few members with the value %(value)s, by an index.
    """

    name: str
    label: Label
    help: Label
    type: Type
    sql: str
    privacy: tuple[Privacy, ...]
    tables: tuple[str, ...]
    sources: tuple[str, ...] = ()
    past: str | Past = Past.UNKNOWN
    past_next: str | None = None
    next: str | None = None
    choices: Callable[[], Sequence[Choice]] | None = None
    unit: Label | None = None
    index: Index | None = None
    happens: bool = False
    negated: Label | None = None
    lookup: str = ""
    group: Label | None = None
    searched_by: tuple[str, ...] = ()
    display: Display = Display()
    decrypt: Callable[[Any], str] | None = None
    references: Callable[[str], Iterable[Any]] | None = None
    choices_for: Callable[[Staff], Sequence[Choice]] | None = None
    known_since: Callable[[Sequence[str] | None], datetime | None] | None = None

    @property
    def counts_from_itself(self) -> bool:
        """Whether it is a day or an instant of a fact, which does not exist before it."""
        return self.type in (Type.DAY, Type.INSTANT) and self.past is Past.SAME

    def is_plain_to(self, staff: Staff) -> bool:
        """Whether this person sees it unmasked, and so may ask about it: of a manager, in the own book."""
        own = staff.role == Role.RELATIONSHIP_MANAGER
        return all(
            mask_level(one.kind, staff, own=own and one.kind in PLAIN_TO_OWN_MANAGER) is MaskLevel.PLAIN
            for one in self.privacy
        )

    def seen_by(self, staff: Staff) -> Field:
        """The field with the choices that this person may ask about."""
        if self.choices_for is None:
            return self
        return replace(self, choices=partial(self.choices_for, staff))


def _judge(one: Field) -> Iterator[str]:
    yield from untranslated(one.label, one.help)
    if unknown := [alias for alias in one.sources if alias not in sources]:
        yield f"reads sources that nobody registered: {', '.join(unknown)}"
    if not one.privacy:
        yield "has no class of privacy"
    if isinstance(one.past, str) and one.past != one.sql and one.past_next is None:
        yield "does not say when its value of a past day changes next"


fields: Registry[Field] = Registry("field", _judge)
sources: Registry[Source] = Registry("source of fields")


def register(*entries: Field) -> None:
    """Publish the fields of an app (from AppConfig.ready). Raises RegisteredTwice."""
    for entry in entries:
        fields.add(entry.name, entry)


def register_sources(*entries: Source) -> None:
    """Publish tables with one row a member. Raises RegisteredTwice."""
    for entry in entries:
        sources.add(entry.alias, entry)


def fields_for(staff: Staff) -> dict[str, Field]:
    """The fields that this person may ask about, by name."""
    return {name: one.seen_by(staff) for name, one in fields.items() if one.is_plain_to(staff)}
