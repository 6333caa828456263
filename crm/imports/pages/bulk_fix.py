"""Fixing all rows rejected for one reason: values with counts, a preview, the change and its undo."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.imports import kinds
from crm.imports.fixing import bulk_fix
from crm.imports.fixing.fix import shared_reason
from crm.imports.models import BulkFix, ImportRun
from crm.imports.pages import messages
from crm.imports.permissions import IMPORT
from crm.imports.rejects.pending import waiting_rows
from crm.imports.vocabulary.words import word_choices
from crm.runtime import clock
from crm.staff.permissions import allowed
from crm.web.notices import Undo
from crm.web.responses import StaffRequest, done, refused, render_page

LONGEST = 2000  # characters of a new value


@allowed(IMPORT)
@require_http_methods(["GET", "POST"])
def fix_reason(request: StaffRequest, run_id: int) -> HttpResponse:
    """The values that were rejected for one reason; sent, a preview, and once that was seen the change."""
    run = get_object_or_404(ImportRun, pk=run_id)
    field, code = (request.GET.get(name, "").replace("\0", "") for name in ("field", "code"))
    first = waiting_rows(run, {"field": field, "code": code}).filter(fix=None).defer("row").first()
    back = f"{reverse('import-run', args=[run.pk])}?{urlencode({'field': field, 'code': code})}"
    kind = kinds.get(run.kind)
    if field not in kind.by_name:
        raise Http404
    if run.is_open or first is None:
        return refused(
            request, reverse("import-run", args=[run.pk]), _("No unresolved rows with this reason.")
        )
    groups, more = bulk_fix.list_values(run, field, code)
    changes = _changes(request, groups) if request.method == "POST" else {}
    now = clock.now()
    if changes and request.POST.get("do") == "apply":
        fix = bulk_fix.apply(run, field, code, changes, staff_id=request.user.pk, now=now)
        undo = Undo(reverse("import-fix-undo", args=[run.pk, fix.pk]))
        words = _("%(rows)s changed. Retry them to import them.") % {"rows": messages.rows(fix.rows)}
        return done(request, reverse("import-run", args=[run.pk]), words, undo=undo)
    context = {
        "run": run,
        "back": back,
        "column": messages.column_label(kind, field),
        "why": shared_reason(code, first.params).said(),
        "groups": [_row(group, request) for group in groups],
        "rows": messages.rows(sum(group.rows for group in groups)),
        "more": messages.rows(bulk_fix.MOST) if more else "",
        "choices": word_choices(kind, field) if kind.by_name[field].words else [],
        "required": kind.by_name[field].required,
        "preview": _preview(run, field, code, changes, groups) if changes else None,
        "nothing": request.method == "POST" and not changes,
    }
    return render_page(request, "imports/rejects/bulk_fix.html", context)


@allowed(IMPORT)
@require_POST
def undo_fix(request: StaffRequest, run_id: int, fix_id: int) -> HttpResponse:
    """Give rows that still wait the values they had before a bulk fix."""
    fix = get_object_or_404(BulkFix, pk=fix_id, run_id=run_id)
    back = reverse("import-run", args=[run_id])
    count = bulk_fix.undo(fix, now=clock.now())
    if count is None:
        return refused(request, back, _("This fix is already undone."))
    words = _("Fix undone for %(rows)s.") % {"rows": messages.rows(count)}
    if count < fix.rows:
        kept = _("%(rows)s were retried since and are kept.") % {"rows": messages.rows(fix.rows - count)}
        words = f"{words} {kept}"
    return done(request, back, words)


def _changes(request: StaffRequest, groups: list[bulk_fix.Group]) -> dict[str, str]:
    """{key: new value} of the values that somebody entered one for, or clears."""
    changes = {}
    for group in groups:
        text = request.POST.get(f"new-{group.key}", "")[:LONGEST].replace("\0", "").strip()
        if text or f"clear-{group.key}" in request.POST:
            changes[group.key] = text
    return changes


def _row(group: bulk_fix.Group, request: StaffRequest) -> dict[str, Any]:
    return {
        "key": group.key,
        "shown": group.shown,
        "rows": group.rows,
        "lines": group.lines,
        "new": request.POST.get(f"new-{group.key}", "")[:LONGEST],
        "clear": f"clear-{group.key}" in request.POST,
    }


def _preview(
    run: ImportRun, field: str, code: str, changes: dict[str, str], groups: list[bulk_fix.Group]
) -> dict[str, Any]:
    """What the page says of the changes before they are made."""
    kind = kinds.get(run.kind)
    tried = bulk_fix.try_fix(run, field, code, changes, now=clock.now())
    chosen = [group for group in groups if group.key in changes]
    return {
        "changes": [
            (
                _("%(rows)s, line %(line)s …") % {"rows": messages.rows(group.rows), "line": group.lines[0]},
                group.shown or "–",
                _new_value(kind, field, changes[group.key]),
            )
            for group in chosen
        ],
        "rows": messages.rows(sum(group.rows for group in chosen)),
        "tried": messages.rows(tried.tried),
        "taken": tried.taken,
        "all": tried.taken == tried.tried,
        "faults": [
            {"column": messages.column_label(kind, name), "why": reason.said(), "rows": count}
            for (name, reason), count in tried.faults.items()
        ],
    }


def _new_value(kind: kinds.Kind, field: str, text: str) -> str:
    """A new value for people: a word of ours by its label."""
    return dict(word_choices(kind, field)).get(text, text) or _("(empty)")
