"""Where the rail leads: the places of the product, for whom each is, and the key that goes there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.staff.models import Staff
from crm.staff.permissions import Action, may


@dataclass(frozen=True)
class Place:
    """One link of the rail: an address's name, its words, its key after `g`, and what one must be allowed."""

    url: str
    label: str | Promise
    key: str
    action: Action
    within: tuple[str, ...] = ()  # names of addresses that belong to this place


GROUPS: tuple[tuple[str | Promise, tuple[Place, ...]], ...] = (
    (
        _("Work"),
        (
            Place("home", _("Home"), "h", Action.SEE_HOME),
            Place(
                "members",
                _("Members"),
                "m",
                Action.SEE_MEMBERS,
                ("member", "reveal", "timeline", "peek", "columns", "views", "view-save", "view-rename"),
            ),
        ),
    ),
    (
        _("Business"),
        (
            Place("lifecycle", _("Lifecycle"), "l", Action.SEE_OVERVIEW, ("moves",)),
            Place("kpis", _("KPIs"), "k", Action.SEE_OVERVIEW, ("kpi", "kpi-target")),
            Place("policy", _("Policy"), "p", Action.SEE_POLICY),
            Place("requests", _("Requests"), "r", Action.SEE_REQUESTS, ("request-decide",)),
        ),
    ),
    (
        _("Operation"),
        (
            Place(
                "imports",
                _("Imports"),
                "i",
                Action.IMPORT,
                ("import-run", "import-new", "import-upload", "import-mend"),
            ),
            Place("jobs", _("Jobs"), "j", Action.SEE_JOBS, ("job-history",)),
            Place(
                "staff",
                _("Staff"),
                "s",
                Action.SEE_STAFF,
                ("staff-add", "staff-person", "staff-change", "teams", "team"),
            ),
            Place("reveals", _("Audit of reveals"), "v", Action.SEE_REVEALS),
            Place("admin:index", _("Administration"), "a", Action.MANAGE_STAFF),
        ),
    ),
)


def rail(staff: Staff, here: str) -> list[tuple[str | Promise, list[dict[str, Any]]]]:
    """The groups of links this person may follow; `here` is the name of the address being shown."""
    groups = []
    for title, group in GROUPS:
        links = [_link(place, here) for place in group if may(staff, place.action)]
        if links:
            groups.append((title, links))
    return groups


def places(staff: Staff) -> list[tuple[str | Promise, Place]]:
    """Every place this person may go to, with the title of its group."""
    return [(title, place) for title, group in GROUPS for place in group if may(staff, place.action)]


def _link(place: Place, here: str) -> dict[str, Any]:
    current = here == place.url or here in place.within
    return {"address": reverse(place.url), "label": place.label, "key": place.key, "current": current}
