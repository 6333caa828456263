"""What the command palette finds: pages, and the actions and sources of hits that apps register.

Nothing here knows what a source searches; the source sees to it that a person may see what it returns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.runtime.extension.labels import Label, Verbatim, untranslated
from crm.runtime.extension.links import missing
from crm.runtime.extension.registry import Registry
from crm.staff.models import Staff
from crm.staff.permissions import Action, may, undeclared
from crm.web.frame.navigation import places

SHOWN = 8  # hits of one group
LONGEST = 120  # characters asked for
NO_OTHER_WORDS = Verbatim()


@dataclass(frozen=True)
class Hit:
    """One thing found: its words, a note beside them, and where it leads.

    With `fields` it is a form: choosing it posts them to the address. `key` is the key that does the same.
    """

    label: str | Promise
    address: str
    note: str | Promise = ""
    key: str = ""
    stage: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    post: bool = False


@dataclass(frozen=True)
class Group:
    """Hits of one source under its title."""

    title: str | Promise
    hits: Sequence[Hit]


@dataclass(frozen=True)
class Command:
    """Something one can do from anywhere: the address's name, who may, other words that find it."""

    label: Label
    url: str
    action: Action
    also: Label = NO_OTHER_WORDS
    fields: tuple[tuple[str, str], ...] = ()
    post: bool = False
    fragment: str = ""

    def __str__(self) -> str:
        return f"{self.url}{self.fragment} ({self.label})"

    @property
    def key(self) -> str:
        """What the command does: no other does the same."""
        return " ".join([f"{self.url}{self.fragment}", *(f"{name}={value}" for name, value in self.fields)])

    def hit(self) -> Hit:
        """The command as something found."""
        return Hit(self.label, reverse(self.url) + self.fragment, fields=self.fields, post=self.post)


@dataclass(frozen=True)
class Source:
    """Asked for hits of a text that is never empty, for one person; only the first SHOWN are taken."""

    title: Label
    find: Callable[[str, Staff], Iterable[Hit]]


def _judge(command: Command) -> Iterator[str]:
    yield from undeclared(command.action)
    yield from missing(command.url)
    yield from untranslated(command.label, command.also)


_commands: Registry[Command] = Registry("command", _judge)
_sources: Registry[Source] = Registry("palette source", lambda source: untranslated(source.title))


def register_commands(*commands: Command) -> None:
    """Publish what an app offers to do from anywhere (from AppConfig.ready). Raises RegisteredTwice."""
    for command in commands:
        _commands.add(command.key, command)


def register_source(name: str, source: Source) -> None:
    """Let the palette ask an app for hits (from AppConfig.ready). Raises RegisteredTwice."""
    _sources.add(name, source)


def find(text: str, staff: Staff) -> list[Group]:
    """Groups with hits, pages first while nothing is typed, what was registered first once it is.

    As many queries as the registered sources need, none for an empty text.
    """
    text = text.replace("\0", "").strip()[:LONGEST]
    known = [Group(_("Pages"), _pages(text, staff)), Group(_("Actions"), _actions(text, staff))]
    if not text:
        return [group for group in known if group.hits]
    found = [Group(source.title, list(source.find(text, staff))[:SHOWN]) for source in _sources.values()]
    return [group for group in (*known, *found) if group.hits]


def _pages(text: str, staff: Staff) -> list[Hit]:
    return [
        Hit(place.label, reverse(place.url), note=place.group.label, key=place.key)
        for place in places(staff)
        if _fits(text, place.label, place.group.label, place.url)
    ]


def _actions(text: str, staff: Staff) -> list[Hit]:
    return [
        command.hit()
        for command in _commands.values()
        if may(staff, command.action) and _fits(text, command.label, command.also)
    ]


def _fits(text: str, *words: str | Promise) -> bool:
    """Whether each part typed stands somewhere in the words."""
    line = " ".join(str(word) for word in words).casefold()
    return all(part in line for part in text.casefold().split())
