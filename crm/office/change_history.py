"""The change history of an account or team."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from crm.staff.models import AccountChange, ChangeKind, Role

SHOWN = 20  # changes


@dataclass(frozen=True)
class ShownChange:
    """A change, its values in the reader's language."""

    change: AccountChange
    before: str
    after: str


def changes_of(**subject: int) -> list[ShownChange]:
    """The latest changes of an account (staff=…) or a team (team=…). One query."""
    rows = AccountChange.objects.filter(**subject).select_related("by").order_by("-at", "-id")[:SHOWN]
    return [ShownChange(row, _label(row.kind, row.before), _label(row.kind, row.after)) for row in rows]


def _label(kind: str, stored: str) -> str:
    if kind in (ChangeKind.ROLE, ChangeKind.OPENED) and stored in Role.values:
        return str(Role(stored).label)
    return stored or (_("no team") if kind == ChangeKind.TEAM else "")
