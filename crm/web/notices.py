"""Notices: short words about what was done or refused, with a level and, where there is one, a way to undo.

Without htmx a notice waits for the next page as a message of django.contrib.messages, its undo in the session
under the message's mark. To htmx both travel as the event `toast`.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.contrib.messages import add_message, constants
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest

from crm.web.components import Text

_KEPT = "undo"  # in the session: {mark: [address, fields]} of notices that no page has shown yet
_MOST_KEPT = 3


class Level(StrEnum):
    """How a notice is meant; the values are Django's tags of messages."""

    SUCCESS = "success"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Undo:
    """How to undo something: a POST to `address` with `fields`.

    The view there checks role and object again. It undoes one stored change, named in the address, and
    refuses where that is undone already or no longer the last one.
    """

    address: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Notice:
    """What is shown once, on the page or over it."""

    words: Text
    level: Level = Level.SUCCESS
    undo: Undo | None = None

    def as_data(self) -> dict[str, Any]:
        """What the browser is told (static/js/toast.js)."""
        undo = {"address": self.undo.address, "fields": dict(self.undo.fields)} if self.undo else None
        return {"words": str(self.words), "level": self.level, "undo": undo}


def keep(request: HttpRequest, notice: Notice) -> None:
    """Show a notice on the next page that this person opens."""
    mark = secrets.token_urlsafe(6) if notice.undo else ""
    if notice.undo:
        kept = list(request.session.get(_KEPT, {}).items())[1 - _MOST_KEPT :]
        request.session[_KEPT] = {**dict(kept), mark: [notice.undo.address, dict(notice.undo.fields)]}
    level = constants.DEFAULT_LEVELS[notice.level.upper()]
    add_message(request, level, str(notice.words), extra_tags=mark)


def take_undo(request: HttpRequest, message: Message) -> Undo | None:
    """How to undo what a message tells; given out once."""
    kept = request.session.get(_KEPT, {})
    if not message.extra_tags or message.extra_tags not in kept:
        return None
    address, fields = kept.pop(message.extra_tags)
    request.session[_KEPT] = kept
    return Undo(address, fields)
