"""Saved views of the list: save, rename, share, move, delete and restore; the default view and columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.directory.list.request.columns import columns_for, field_name
from crm.directory.list.request.parse import parse
from crm.directory.list.request.quick_filters import QUICK_FILTERS
from crm.directory.models import SavedView
from crm.runtime.text.normal_form import line
from crm.staff.models import Staff
from crm.web.responses import BadQuery
from members.rules.catalogue.fields import fields

MOST = 40  # views of one person
RESTORABLE = timedelta(days=1)  # after which a deleted view is gone
LONGEST = {"rule": 6_000, "cols": 2_000}  # characters of one value
LONGEST_OTHER = 400
SAVED_PARAMETERS = (*QUICK_FILTERS, "rule", "sort", "cols")


class CannotSave(ValueError):
    """The view cannot be saved; the message is for the person who tried."""


@dataclass(frozen=True)
class Views:
    """The views that a reader may open, own ones and those shared in the team, and the own defaults."""

    own: Sequence[SavedView]
    team: Sequence[SavedView]
    defaults: SavedView | None

    def by_id(self, view_id: int) -> SavedView | None:
        """The view of this id, if the reader may open it."""
        return next((view for view in (*self.own, *self.team) if view.pk == view_id), None)

    @property
    def default(self) -> SavedView | None:
        """The view that the list opens with for this reader; None: all members."""
        return self.by_id(self.defaults.follows_id) if self.defaults and self.defaults.follows_id else None

    @property
    def columns(self) -> list[str]:
        """The columns that the reader chose for lists without a view."""
        return str(self.defaults.query.get("cols", "")).split(",") if self.defaults else []


def views_of(staff: Staff) -> Views:
    """The views of a reader. One query.

    A shared view is for its owner's team; where the owner has none, for others without a team in the same
    role.
    """
    same = Q(owner__team=staff.team_id) if staff.team_id else Q(owner__team=None, owner__role=staff.role)
    rows = list(
        SavedView.objects.filter(Q(owner=staff) | Q(shared=True) & same, deleted_at=None)
        .select_related("owner")
        .order_by("place", "id")
    )
    own = [view for view in rows if view.owner_id == staff.pk]
    return Views(
        [view for view in own if view.name],
        [view for view in rows if view.owner_id != staff.pk],
        next((view for view in own if not view.name), None),
    )


def address(view: SavedView, staff: Staff) -> str:
    """The address of the list by this view, without the parameters that this reader cannot use."""
    return f"{reverse('members')}?{urlencode({**usable_query(view, staff)[0], 'view': view.pk})}"


def usable_query(view: SavedView, staff: Staff) -> tuple[dict[str, str], list[str]]:
    """The parameters of a view that this reader can use, and the names of the ignored ones.

    A reader cannot use a filter or column that shows masked values, nor anything the list no longer knows.
    """
    saved = view.query if isinstance(view.query, dict) else {}
    usable: dict[str, str] = {}
    ignored = []
    for name, value in saved.items():
        if name == "cols":
            allowed = {column.name for column in columns_for(staff)}
            names = [one for one in str(value).split(",") if one]
            ignored += [one for one in names if field_name(one) not in allowed]
            usable[name] = ",".join(one for one in names if field_name(one) in allowed)
        elif isinstance(value, str) and _is_usable(name, value, staff):
            usable[name] = value
        else:
            ignored.append(str(name)[:40])
    return {name: value for name, value in usable.items() if value}, ignored


def _is_usable(name: str, value: str, staff: Staff) -> bool:
    if name not in SAVED_PARAMETERS:
        return False
    try:
        return not parse({name: value}, staff).ignored
    except BadQuery:
        return False


def query_of(parameters: Mapping[str, str], staff: Staff) -> dict[str, str]:
    """The parameters of an address that a view saves: filters, order and columns. Raises BadQuery."""
    query = {name: parameters[name].strip() for name in SAVED_PARAMETERS if parameters.get(name, "").strip()}
    parse(query, staff)
    if any(len(value) > LONGEST.get(name, LONGEST_OTHER) for name, value in query.items()):
        raise BadQuery(_("A value is too long to save."))
    if "cols" in query:
        query["cols"] = ",".join(name for name in query["cols"].split(",") if field_name(name) in fields)
    return query


def save(
    *, staff: Staff, name: str, query: Mapping[str, str], shared: bool, view_id: int | None = None
) -> SavedView:
    """Save a view under a name; with `view_id`, change that view of one's own. Raises CannotSave."""
    name = line(name)
    if not name or len(name) > 60:
        raise CannotSave(_("Enter a view name of up to 60 characters."))
    try:
        with transaction.atomic():
            mine = _locked(staff)
            if view_id is not None:
                return _change(mine, view_id, name, query, shared)
            if len([view for view in mine if view.name]) >= MOST:
                raise CannotSave(_("You already have %(most)d views. Delete one first.") % {"most": MOST})
            place = max((view.place for view in mine), default=0) + 1
            return SavedView.objects.create(
                owner=staff, name=name, query=dict(query), shared=shared, place=place
            )
    except IntegrityError as error:
        raise CannotSave(_("You already have a view named “%(name)s”.") % {"name": name}) from error


def _locked(staff: Staff) -> list[SavedView]:
    """The views of one person in their order, locked for the transaction: the person's row is the lock."""
    Staff.objects.select_for_update().filter(pk=staff.pk).values_list("pk").first()
    return list(SavedView.objects.filter(owner=staff, deleted_at=None).order_by("place", "id"))


def _change(
    mine: Sequence[SavedView], view_id: int, name: str, query: Mapping[str, str], shared: bool
) -> SavedView:
    view = next((one for one in mine if one.pk == view_id and one.name), None)
    if view is None:
        raise CannotSave(_("This view does not exist or is not yours."))
    view.name, view.shared, view.query = name, shared, dict(query)
    view.save(update_fields=["name", "shared", "query"])
    return view


def move(*, staff: Staff, view_id: int, up: bool) -> bool:
    """Move a view of one's own one place up or down. False where there is no such view or place."""
    with transaction.atomic():
        mine = [view for view in _locked(staff) if view.name]
        index = next((number for number, view in enumerate(mine) if view.pk == view_id), None)
        other = None if index is None else index + (-1 if up else 1)
        if index is None or other is None or not 0 <= other < len(mine):
            return False
        mine[index], mine[other] = mine[other], mine[index]
        for number, view in enumerate(mine, 1):
            view.place = number
        SavedView.objects.bulk_update(mine, ["place"])
        return True


def delete(*, staff: Staff, view_id: int, now: datetime) -> SavedView | None:
    """Delete a view of one's own; it can be restored for a day. Views deleted before that are removed."""
    own = SavedView.objects.filter(owner=staff).exclude(name="")
    own.filter(deleted_at__lt=now - RESTORABLE).delete()
    view = own.filter(pk=view_id, deleted_at=None).first()
    if view is None or not own.filter(pk=view_id, deleted_at=None).update(deleted_at=now):
        return None
    return view


def restore(*, staff: Staff, view_id: int) -> SavedView:
    """Restore a deleted view of one's own. Raises CannotSave: restored already, or its name in use again.

    SavedView.DoesNotExist where there is none any more.
    """
    view = SavedView.objects.exclude(name="").get(owner=staff, pk=view_id)
    try:
        with transaction.atomic():
            deleted = SavedView.objects.filter(pk=view.pk, deleted_at__isnull=False)
            if not deleted.update(deleted_at=None):
                raise CannotSave(_("Already undone."))
    except IntegrityError as error:
        raise CannotSave(_("You already have a view named “%(name)s”.") % {"name": view.name}) from error
    return view


def set_default(*, staff: Staff, view_id: int | None) -> None:
    """Open the list with this view, own or the team's; None: with all members. Raises CannotSave."""
    if view_id is not None and views_of(staff).by_id(view_id) is None:
        raise CannotSave(_("This view does not exist or is not yours."))
    with transaction.atomic():
        _locked(staff)
        SavedView.objects.update_or_create(owner=staff, name="", defaults={"follows_id": view_id, "place": 0})


def save_columns(*, staff: Staff, names: Sequence[str], view_id: int | None = None) -> None:
    """Save columns with a view of one's own, or else for the lists that this person opens without a view."""
    columns = ",".join(dict.fromkeys(name for name in map(field_name, names) if name in fields))
    with transaction.atomic():
        mine = _locked(staff)
        view = next((one for one in mine if one.pk == view_id and one.name), None) if view_id else None
        view = view or next((one for one in mine if not one.name), None)
        if view is None:
            SavedView.objects.create(owner=staff, name="", query={"cols": columns})
        else:
            SavedView.objects.filter(pk=view.pk).update(query={**view.query, "cols": columns})
