"""Who was shown which masked value of whom, when and why: for compliance all, for everybody their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from crm.office import audit
from crm.office.permissions import SEE_REVEALS
from crm.runtime import clock
from crm.staff.permissions import allowed, may, require, signed_in
from crm.web import csv, formats
from crm.web.permissions import EXPORT
from crm.web.responses import StaffRequest, answer, attachment, wants_part


@allowed(SEE_REVEALS)
@require_GET
def reveals_page(request: StaffRequest) -> HttpResponse:
    """The log, latest first, with what is unusual today in a sentence."""
    filters = audit.read_filters(request.GET)
    after = request.GET.get("after", "")
    context = {"page": audit.list_reveals(filters, request.user, after), "filters": filters, "own": False}
    if not (after and wants_part(request)):
        now = clock.now()
        count, people, unusual = audit.today_in_numbers(now)
        context |= {
            "person": audit.people_named(filters),
            "fields": audit.LABELS.items(),
            "sentence": _sentence(count, people),
            "unusual": [_in_words(one) for one in unusual],
            "exports": may(request.user, EXPORT),
            "now": now,
        }
    return answer(request, "office/access_log.html", context, part="rows" if after else "list")


def _sentence(count: int, people: int) -> str:
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


def _in_words(one: audit.Unusual) -> tuple[int, str]:
    words = _("%(who)s revealed %(count)s values today; usually %(usual)s a day.")
    return one.staff.pk, words % {
        "who": one.staff,
        "count": formats.number(one.today),
        "usual": f"{one.usual:.1f}".removesuffix(".0"),
    }


@signed_in
@require_GET
def my_reveals_page(request: StaffRequest) -> HttpResponse:
    """What this person has been shown."""
    filters = audit.Filters(staff=request.user.pk)
    after = request.GET.get("after", "")
    page = audit.list_reveals(filters, request.user, after)
    return answer(
        request, "office/access_log.html", {"page": page, "own": True}, part="rows" if after else "list"
    )


@allowed(SEE_REVEALS)
@require_GET
def export(request: StaffRequest) -> StreamingHttpResponse:
    """The filtered log as a CSV file, names masked as on the page; of too many rows the latest."""
    require(request.user, EXPORT)
    filters = audit.read_filters(request.GET)
    found = list(audit.reveals(filters).order_by("-at", "id")[: audit.EXPORTED + 1])
    shown = audit.show(found[: audit.EXPORTED], request.user)
    rows = _rows(shown, complete=len(found) <= audit.EXPORTED)
    return attachment(csv.encode(rows), f"reveals-{clock.day_of(clock.now())}.csv", csv.CONTENT_TYPE)


def _rows(shown: Sequence[audit.ShownReveal], *, complete: bool) -> Iterator[Sequence[object]]:
    yield [
        _("Time"), _("Username"), _("Staff"), _("Member"), _("Name"), _("Revealed value"), _("Reason"),
    ]  # fmt: skip
    for one in shown:
        yield [
            one.row.at.astimezone(clock.zone()).isoformat(timespec="seconds"),
            one.row.staff.username,
            one.row.staff.display_name,
            one.number,
            one.view.name if one.view else "",
            one.what,
            one.row.reason,
        ]
    if not complete:
        yield [_("Older entries were omitted. Narrow the date range to export them.")]
