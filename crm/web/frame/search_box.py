"""The search box in the bar of every page: the app that can search for something registers where it leads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from crm.runtime.extension.labels import Label, untranslated
from crm.runtime.extension.links import missing
from crm.runtime.extension.registry import Registry
from crm.staff.models import Staff


@dataclass(frozen=True)
class SearchBox:
    """A form whose `q` is posted to a page. `hint` says what a person may search by, varying by role only."""

    url: str
    label: Label
    hint: Callable[[Staff], Label]

    def __str__(self) -> str:
        return f"{self.url} ({self.label})"


def _judge(box: SearchBox) -> Iterator[str]:
    yield from missing(box.url)
    yield from untranslated(box.label)


_boxes: Registry[SearchBox] = Registry("search box", _judge)
_IN_THE_BAR = "bar"


def register(box: SearchBox) -> None:
    """Publish what the bar searches (from AppConfig.ready). Raises RegisteredTwice: there is one box."""
    _boxes.add(_IN_THE_BAR, box)


def search_box(staff: Staff) -> dict[str, Any] | None:
    """The box for this person, ready for the template; None where no app can search."""
    box = _boxes.get(_IN_THE_BAR)
    return {"address": reverse(box.url), "label": box.label, "hint": box.hint(staff)} if box else None
