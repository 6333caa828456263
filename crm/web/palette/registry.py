"""What the command palette finds: pages, actions, and whatever the rooms above register (members).

A room calls `register` when its app is ready; nothing here knows what a member is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.staff.models import Staff
from crm.staff.permissions import Action, may
from crm.web.navigation import places

SHOWN = 8  # hits of one group
LONGEST = 120  # characters asked for


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

    label: str | Promise
    url: str
    action: Action
    also: str | Promise = ""
    fields: tuple[tuple[str, str], ...] = ()
    post: bool = False
    fragment: str = ""

    def hit(self) -> Hit:
        """The command as something found."""
        return Hit(self.label, reverse(self.url) + self.fragment, fields=self.fields, post=self.post)


Source = Callable[[str, Staff], Iterable[Hit]]


@dataclass
class _Registry:
    sources: dict[str, tuple[str | Promise, Source]] = field(default_factory=dict)
    commands: list[Command] = field(default_factory=list)


_registry = _Registry()


def register(name: str, title: str | Promise, source: Source) -> None:
    """Let the palette ask `source(text, staff)` for at most SHOWN hits; `text` is never empty.

    The source sees to it that `staff` may see what it returns. Registering a name anew replaces it.
    """
    _registry.sources[name] = (title, source)


def register_action(command: Command) -> None:
    """Offer a command to whoever may; a second one for the same address and fields is not offered twice."""
    if command not in _registry.commands:
        _registry.commands.append(command)


def find(text: str, staff: Staff) -> list[Group]:
    """Groups with hits, pages first while nothing is typed, what was registered first once it is.

    As many queries as the registered sources need, none for an empty text.
    """
    text = text.replace("\0", "").strip()[:LONGEST]
    known = [Group(_("Pages"), _pages(text, staff)), Group(_("Actions"), _commands(text, staff))]
    if not text:
        return [group for group in known if group.hits]
    found = [Group(title, list(source(text, staff))[:SHOWN]) for title, source in _registry.sources.values()]
    return [group for group in (*known, *found) if group.hits]


def _pages(text: str, staff: Staff) -> list[Hit]:
    return [
        Hit(place.label, reverse(place.url), note=group, key=place.key)
        for group, place in places(staff)
        if _fits(text, place.label, group, place.url)
    ]


def _commands(text: str, staff: Staff) -> list[Hit]:
    return [
        command.hit()
        for command in _registry.commands
        if may(staff, command.action) and _fits(text, command.label, command.also)
    ]


def _fits(text: str, *words: str | Promise) -> bool:
    """Whether each part typed stands somewhere in the words."""
    line = " ".join(str(word) for word in words).casefold()
    return all(part in line for part in text.casefold().split())
