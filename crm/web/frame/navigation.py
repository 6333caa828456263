"""The rail: places of the product, registered by the apps that have them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.runtime.extension.labels import Label, untranslated
from crm.runtime.extension.links import missing
from crm.runtime.extension.registry import Registry
from crm.staff.models import Staff
from crm.staff.permissions import Action, may, undeclared


@dataclass(frozen=True, eq=False)
class Group:
    """A heading of the rail; the lower `order` comes first."""

    label: Label
    order: int


WORK = Group(_("Work"), 10)
INSIGHTS = Group(_("Insights"), 20)
SYSTEM = Group(_("System"), 30)


@dataclass(frozen=True, eq=False)
class Place:
    """One link of the rail: the name of its address, its words, its key after `g`, and who may follow it.

    Within a group the lower `order` comes first. `within` are names of addresses that belong to this place.
    """

    url: str
    label: Label
    key: str
    action: Action
    group: Group
    order: int
    within: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.url} ({self.label})"


def _judge(place: Place) -> Iterator[str]:
    yield from undeclared(place.action)
    yield from missing(place.url, *place.within)
    yield from untranslated(place.label, place.group.label)


_places: Registry[Place] = Registry("place", _judge)
_keys: Registry[Place] = Registry("key after g")


def register(*places: Place) -> None:
    """Publish the places of an app (from AppConfig.ready).

    Raises RegisteredTwice: one of them, or its key, is somebody else's.
    """
    for place in places:
        _places.add(place.url, place)
        _keys.add(place.key, place)


def places(staff: Staff) -> list[Place]:
    """Every place this person may go to, in the order of the rail."""
    found = [place for place in _places.values() if may(staff, place.action)]
    return sorted(found, key=lambda place: (place.group.order, place.order, place.url))


def rail(staff: Staff, here: str) -> list[tuple[Label, list[dict[str, Any]]]]:
    """The groups of links this person may follow; `here` is the name of the address being shown."""
    groups: dict[Group, list[dict[str, Any]]] = {}
    for place in places(staff):
        groups.setdefault(place.group, []).append(_link(place, here))
    return [(group.label, links) for group, links in groups.items()]


def _link(place: Place, here: str) -> dict[str, Any]:
    current = here == place.url or here in place.within
    return {"address": reverse(place.url), "label": place.label, "key": place.key, "current": current}
