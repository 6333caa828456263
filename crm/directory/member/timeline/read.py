"""The timeline of a member, newest first, from every source that an app registers, read in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache

from django.conf import settings
from django.db import connection
from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.directory.provenance import Origins
from crm.runtime.clock import day_end, day_of, day_start
from crm.runtime.text.local_names import reads_english
from crm.staff.models import Staff
from crm.web.components import Text
from crm.web.lists.tokens import damaged_token, parse_instant, read_token, write_token
from crm.web.responses import BadQuery
from members.profiles.timeline import registry
from members.profiles.timeline.registry import Entry, Row, Source

SIZE = 60  # rows of one page before they are folded
# A page of one source, from its own index. (source, id) breaks ties of instants; without them the page starts
# with the newest.
_SOURCE = """
(SELECT at, '{key}' AS source, id, kind, amount, detail, import_id
FROM ({sql}) AS {name}
WHERE at <= %(upto)s AND at >= %(since)s
    AND (at < %(upto)s OR %(source)s IS NULL OR ('{key}', id) < (%(source)s, %(id)s))
ORDER BY at DESC, id DESC LIMIT %(limit)s)
"""
_ALL = """
SELECT at, source, id, kind, amount, detail, import_id FROM ({sources}) AS entries
ORDER BY at DESC, source DESC, id DESC LIMIT %(limit)s
"""
_EARLIEST = datetime.min.replace(year=1900, tzinfo=UTC)


@dataclass(frozen=True)
class TimelineFilters:
    """The filters of a timeline: one source or all, between two platform days (None: open)."""

    source: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def narrowed(self) -> bool:
        return bool(self.source or self.since or self.until)


@dataclass(frozen=True, kw_only=True)
class TimelineEntry(Entry):
    """One entry of the timeline: text, instant, source, and origin.

    `kind` is that of the row, `origin` the system and import; empty where the platform itself recorded it or
    where not known.
    """

    at: datetime
    source: str
    kind: str
    origin: Text = ""


@dataclass(frozen=True)
class Timeline:
    """One page of entries, the token of the next one, and the filters."""

    rows: list[TimelineEntry]
    next: str
    filters: TimelineFilters

    @property
    def source(self) -> str:
        return self.filters.source


def parse_filters(parameters: QueryDict) -> TimelineFilters:
    """The filters of a query string. Raises BadQuery."""
    source = parameters.get("source", "")
    if source and source not in registry.kinds():
        raise BadQuery(_("Invalid value for “%(name)s”.") % {"name": "source"})
    return TimelineFilters(source, _day(parameters, "since"), _day(parameters, "until"))


def _day(parameters: QueryDict, name: str) -> date | None:
    text = parameters.get(name, "")
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadQuery(_("Invalid value for “%(name)s”.") % {"name": name}) from error
    if day is not None and not 1900 <= day.year <= 9000:
        raise BadQuery(_("Invalid value for “%(name)s”.") % {"name": name})
    return day


def read_timeline(
    member_id: int,
    staff: Staff,
    now: datetime,
    filters: TimelineFilters | None = None,
    *,
    after: str = "",
    size: int = SIZE,
    whole_days: bool = False,
) -> Timeline:
    """One page of the timeline. One query, those of `of_reader`, one for origins if shown. Raises BadQuery.

    With `whole_days` it ends with the last row of a day, unless one day alone fills it.

    The caller checks that the reader may see the member. Rows that arrive while somebody reads on are sorted
    in their place: none is shown twice.
    """
    filters = filters or TimelineFilters()
    latest = min(now, day_end(filters.until)) if filters.until else now
    upto, last_source, last_id = read_token(after, parse_instant, str, str) if after else (latest, None, None)
    if after and None in (upto, last_source, last_id):
        raise damaged_token()
    sources = {source.key: source for source in registry.sources(filters.source)}
    values = {
        "member": member_id,
        "since": day_start(filters.since) if filters.since else _EARLIEST,
        "upto": upto,
        "source": last_source,
        "id": last_id,
        "limit": size + 1,
        "zone": settings.BUSINESS_TIME_ZONE,
        "english": reads_english(),
    }
    for source in sources.values():
        values.update(source.of_reader(staff))
    with connection.cursor() as cursor:
        cursor.execute(_statement(tuple(sources.values())), values)
        found = [Row(*row) for row in cursor.fetchall()]
    shown = _whole_days(found, size) if whole_days else found[:size]
    following = write_token(*shown[-1][:3]) if len(found) > len(shown) else ""
    origins = Origins(staff)
    rows = [_entry(sources[row.source], row, staff, origins) for row in shown]
    return Timeline(rows, following, filters)


def _whole_days(found: list[Row], size: int) -> list[Row]:
    """The first `size` rows, without those of a day that goes on after them."""
    shown = found[:size]
    if len(found) <= size or day_of(found[size].at) != (last := day_of(shown[-1].at)):
        return shown
    return [row for row in shown if day_of(row.at) != last] or shown


@cache
def _statement(sources: tuple[Source, ...]) -> str:
    """All of them in one statement."""
    parts = [
        _SOURCE.format(key=source.key, name=f"{source.key}_rows", sql=source.sql()) for source in sources
    ]
    return _ALL.format(sources="UNION ALL".join(parts))


def _entry(source: Source, row: Row, staff: Staff, origins: Origins) -> TimelineEntry:
    origin = origins.of(row.import_id, source.outside_id(row))
    entry = vars(source.entry(row, staff))
    return TimelineEntry(**entry, at=row.at, source=source.kind.key, kind=row.kind, origin=origin)
