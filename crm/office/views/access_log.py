"""The data access log: who revealed which masked value of whom, when and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from crm.office import access_log
from crm.office.permissions import SEE_REVEALS
from crm.runtime import clock
from crm.staff.models import Export
from crm.staff.permissions import allowed, may, require, signed_in
from crm.staff.privacy import export_log
from crm.staff.privacy.access_log import frequent_searchers
from crm.web import formats
from crm.web.downloads.table_files import table_file
from crm.web.permissions import EXPORT
from crm.web.responses import StaffRequest, render_page, wants_part


@allowed(SEE_REVEALS)
@require_GET
def reveals_page(request: StaffRequest) -> HttpResponse:
    """The whole log, latest first, with the volume of today."""
    filters = access_log.parse_filters(request.GET)
    after = request.GET.get("after", "")
    page = access_log.list_entries(filters, request.user, after)
    context = {"page": page, "filters": filters, "own": False}
    if not (after and wants_part(request)):
        now = clock.now()
        count, people, unusual = access_log.volumes_today(now)
        context |= {
            "is_filtered": filters != access_log.LogFilters(),
            "person": access_log.filtered_staff(filters),
            "fields": access_log.revealable_fields(),
            "sentence": _volume_sentence(count, people),
            "unusual": [
                *((one.staff.pk, _unusual_sentence(one)) for one in unusual),
                *frequent_search_sentences(now),
            ],
            "exports": may(request.user, EXPORT),
            "now": now,
        }
    return render_page(
        request, "office/access_log/access_log.html", context, part="rows" if after else "list"
    )


def frequent_search_sentences(now: datetime) -> list[tuple[int, str]]:
    """(staff id, sentence) of each person who searched more than is usual within an hour today."""
    words = _("%(who)s made %(count)s searches by name, mobile, email or ID number in one hour.")
    return [
        (staff.pk, words % {"who": staff, "count": formats.number(count)})
        for staff, count in frequent_searchers(clock.day_start(clock.day_of(now)), now)
    ]


def _volume_sentence(count: int, people: int) -> str:
    if not count:
        return _("No masked values revealed today.")
    return ngettext(
        "%(count)s value revealed today by %(people)s.",
        "%(count)s values revealed today by %(people)s.",
        count,
    ) % {
        "count": formats.number(count),
        "people": ngettext("%(number)s staff member", "%(number)s staff members", people)
        % {"number": people},
    }


def _unusual_sentence(one: access_log.UnusualVolume) -> str:
    return _("%(who)s revealed %(count)s values today; usually %(usual)s a day.") % {
        "who": one.staff,
        "count": formats.number(one.today),
        "usual": f"{one.usual:.1f}".removesuffix(".0"),
    }


@signed_in
@require_GET
def my_reveals_page(request: StaffRequest) -> HttpResponse:
    """The reveals of the reader."""
    filters = access_log.LogFilters(staff=request.user.pk)
    after = request.GET.get("after", "")
    page = access_log.list_entries(filters, request.user, after)
    context, part = {"page": page, "own": True}, "rows" if after else "list"
    return render_page(request, "office/access_log/access_log.html", context, part=part)


@allowed(SEE_REVEALS)
@require_POST
def export(request: StaffRequest) -> StreamingHttpResponse:
    """The filtered log as a file, names masked as on the page, of at most the latest EXPORTED rows."""
    require(request.user, EXPORT)
    filters = access_log.parse_filters(request.GET)
    found = list(access_log.matching(filters).order_by("-at", "id")[: access_log.EXPORTED + 1])
    entries = access_log.entries_of(found[: access_log.EXPORTED], request.user)
    now = clock.now()
    query = {name: value for name, value in request.GET.dict().items() if value}
    begun = export_log.begin(access_log.EXPORT, staff=request.user, now=now, query=query)
    rows = _rows(entries, begun, complete=len(found) <= access_log.EXPORTED)
    return table_file(request, rows, f"reveals-{clock.day_of(now)}")


def _rows(
    entries: Sequence[access_log.LogEntry], begun: Export, *, complete: bool
) -> Iterator[Sequence[object]]:
    yield [
        _("Time"), _("Username"), _("Staff"), _("Member"), _("Name"), _("Revealed value"), _("Reason"),
    ]  # fmt: skip
    for one in export_log.counted(begun, entries):
        yield [
            one.row.at,
            one.row.staff.username,
            one.row.staff.display_name,
            one.number,
            one.view.name if one.view else "",
            f"{one.what}: {one.term}" if one.term else one.what,
            one.reason,
        ]
    if not complete:
        yield [_("Older entries were omitted. Narrow the date range to export them.")]
