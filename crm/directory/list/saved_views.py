"""Saved views of the list: save, rename, share, order, delete and take back; what one begins with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.directory.list.columns import COLUMNS, offered
from crm.directory.list.filters import FIELDS, read_filters
from crm.directory.list.rows import orders
from crm.directory.models import SavedView
from crm.staff.models import Staff
from crm.web.responses import BadQuery

MOST = 40  # views of one person
KEPT = timedelta(days=1)  # how long a deleted view may be taken back
LONGEST = 400  # characters of one value
KNOWN = (*FIELDS, "sort", "cols")


class CannotSave(ValueError):
    """The view cannot be kept so; the message is for the person who asked."""


@dataclass(frozen=True)
class Views:
    """What the reader may open: the own views in their order, those of the team, and the own start."""

    own: Sequence[SavedView]
    team: Sequence[SavedView]
    start: SavedView | None

    def by_id(self, view_id: int) -> SavedView | None:
        """One of them, if it is there."""
        return next((view for view in (*self.own, *self.team) if view.pk == view_id), None)

    @property
    def followed(self) -> SavedView | None:
        """The view the reader begins with."""
        return self.by_id(self.start.follows_id) if self.start and self.start.follows_id else None

    @property
    def columns(self) -> list[str]:
        """The columns the reader chose for lists without a view."""
        return str(self.start.query.get("cols", "")).split(",") if self.start else []


def views_of(staff: Staff) -> Views:
    """One query. A shared view is for its owner's team; of an owner without one, for those of the role."""
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
    """The list as the view says, without what this reader may not ask or nobody can any more."""
    return f"{reverse('members')}?{urlencode({**usable(view, staff)[0], 'view': view.pk})}"


def usable(view: SavedView, staff: Staff) -> tuple[dict[str, str], list[str]]:
    """The parameters of a view that this reader can use, and the names of those left out."""
    given = view.query if isinstance(view.query, dict) else {}
    kept: dict[str, str] = {}
    left_out = []
    for name, value in given.items():
        if name == "cols":
            known = {column.name for column in offered(staff)}
            names = [one for one in str(value).split(",") if one]
            left_out += [one for one in names if one not in known]
            kept[name] = ",".join(one for one in names if one in known)
        elif isinstance(value, str) and _is_usable(name, value, staff):
            kept[name] = value
        else:
            left_out.append(str(name)[:40])
    return {name: value for name, value in kept.items() if value}, left_out


def _is_usable(name: str, value: str, staff: Staff) -> bool:
    if name == "sort":
        return value in orders(staff)
    if name not in FIELDS:
        return False
    try:
        return not read_filters({name: value}, staff).left_out
    except BadQuery:
        return False


def query_of(parameters: Mapping[str, str], staff: Staff) -> dict[str, str]:
    """What of an address a view keeps: known filters, order and columns, checked. Raises BadQuery."""
    given = {name: parameters[name].strip() for name in KNOWN if parameters.get(name, "").strip()}
    if any(len(value) > LONGEST or "\0" in value for value in given.values()):
        raise BadQuery(_("A value is too long to save."))
    read_filters({name: value for name, value in given.items() if name in FIELDS}, staff)
    if given.get("sort", "") not in ("", *orders(staff)):
        raise BadQuery(_("%(name)s: “%(value)s” is not valid.") % {"name": "sort", "value": given["sort"]})
    if "cols" in given:
        given["cols"] = ",".join(name for name in given["cols"].split(",") if name in COLUMNS)
    return given


def save(
    *, staff: Staff, name: str, query: Mapping[str, str], shared: bool, view_id: int | None = None
) -> SavedView:
    """Keep a view under a name; with `view_id`, change that view of one's own. Raises CannotSave."""
    name = " ".join(name.replace("\0", "").split())
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
    """The views of one person, in their order, until the transaction ends: the person's row is the lock."""
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
    """Put a view of one's own one place up or down; false where there is none or nowhere to go."""
    with transaction.atomic():
        mine = [view for view in _locked(staff) if view.name]
        at = next((number for number, view in enumerate(mine) if view.pk == view_id), None)
        to = None if at is None else at + (-1 if up else 1)
        if at is None or to is None or not 0 <= to < len(mine):
            return False
        mine[at], mine[to] = mine[to], mine[at]
        for number, view in enumerate(mine, 1):
            view.place = number
        SavedView.objects.bulk_update(mine, ["place"])
        return True


def delete(*, staff: Staff, view_id: int, now: datetime) -> SavedView | None:
    """Take away a view of one's own; it can be taken back for a day. Older ones go for good."""
    own = SavedView.objects.filter(owner=staff).exclude(name="")
    own.filter(deleted_at__lt=now - KEPT).delete()
    view = own.filter(pk=view_id, deleted_at=None).first()
    if view is None or not own.filter(pk=view_id, deleted_at=None).update(deleted_at=now):
        return None
    return view


def restore(*, staff: Staff, view_id: int) -> SavedView:
    """Undo a deletion. Raises CannotSave: undone already, its name in use again, or gone for good."""
    view = SavedView.objects.filter(owner=staff, pk=view_id).exclude(name="").first()
    if view is None:
        raise CannotSave(_("This view does not exist or is not yours."))
    try:
        with transaction.atomic():
            deleted = SavedView.objects.filter(pk=view.pk, deleted_at__isnull=False)
            if not deleted.update(deleted_at=None):
                raise CannotSave(_("Already undone."))
    except IntegrityError as error:
        raise CannotSave(_("You already have a view named “%(name)s”.") % {"name": view.name}) from error
    return view


def begin_with(*, staff: Staff, view_id: int | None) -> None:
    """The view this person begins with, own or the team's; None: all members. Raises CannotSave."""
    if view_id is not None and views_of(staff).by_id(view_id) is None:
        raise CannotSave(_("This view does not exist or is not yours."))
    with transaction.atomic():
        _locked(staff)
        SavedView.objects.update_or_create(owner=staff, name="", defaults={"follows_id": view_id, "place": 0})


def keep_columns(*, staff: Staff, names: Sequence[str], view_id: int | None = None) -> None:
    """Keep the columns: with a view of one's own, or else for the lists this person opens without a view."""
    columns = ",".join(dict.fromkeys(name for name in names if name in COLUMNS))
    with transaction.atomic():
        mine = _locked(staff)
        view = next((one for one in mine if one.pk == view_id and one.name), None) if view_id else None
        view = view or next((one for one in mine if not one.name), None)
        if view is None:
            SavedView.objects.create(owner=staff, name="", query={"cols": columns})
        else:
            SavedView.objects.filter(pk=view.pk).update(query={**view.query, "cols": columns})
