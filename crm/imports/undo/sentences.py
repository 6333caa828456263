"""An undo of an import in words: what it takes back, what it leaves, why it is refused."""

from __future__ import annotations

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.imports import kinds
from crm.imports.models import ImportUndo
from crm.imports.undo.survey import UNDO_FOR, Refusal, Survey
from crm.staff.models import Request
from crm.web import formats

Line = tuple[str | Promise, str, str]
WAITING = gettext_lazy("undoing of imports")
REQUEST_KIND = gettext_lazy("Undo an import")
ERRORS: dict[str, Promise] = {
    Refusal.KIND: gettext_lazy(
        "Imports of this type cannot be undone: other records and the stage history build on them."
    ),
    Refusal.TOO_OLD: gettext_lazy("The import is too old: overwritten values are kept for 30 days."),
    Refusal.OPEN: gettext_lazy("The import is still running."),
    Refusal.DRY_RUN: gettext_lazy("A dry run has saved nothing."),
    Refusal.UNDONE: gettext_lazy("The undo of this import is approved already."),
    Refusal.NOTHING: gettext_lazy("Nothing in this import can be undone anymore."),
    Refusal.CHANGED: gettext_lazy("Rows of the import have changed since. Request the undo again."),
}
assert UNDO_FOR.days == 30  # as the sentence says


def summary(request: Request) -> str:
    """Undo import 12: Transactions, 3 May 2026."""
    proposal = request.proposal
    try:
        label = str(kinds.get(proposal["kind"]).label)
    except kinds.UnknownKind:
        label = proposal["kind"]
    day = formats.day(datetime.fromisoformat(proposal["started_at"]))
    return _("Undo import %(number)s: %(kind)s, %(day)s") % {
        "number": proposal["run"],
        "kind": label,
        "day": day,
    }


def survey_lines(found: Survey) -> list[Line]:
    """What an undo would do, as lines of a request."""
    about = "" if found.exact else _("about") + " "
    pairs = (
        (_("Rows removed that the import added"), found.removes, about),
        (_("Rows restored to their value before"), found.restores, ""),
        (_("Kept: changed by a later import"), found.later, ""),
        (_("Stay: changed by hand since"), found.by_hand, ""),
        (_("Stay: added, other records refer to them"), found.needed, ""),
    )
    return [(label, "", prefix + _rows(count)) for label, count, prefix in pairs if count]


def _rows(count: int) -> str:
    return ngettext("%(count)s row", "%(count)s rows", count) % {"count": formats.number(count)}


def outcome(undo: ImportUndo) -> str:
    """What became of an undo."""
    if undo.failure:
        return _("The undo failed: %(why)s") % {"why": undo.failure}
    if undo.finished_at is None:
        return _("The undo is approved and running.")
    counts = {
        "removed": formats.number(undo.removed),
        "restored": formats.number(undo.restored),
        "day": formats.day(undo.finished_at),
    }
    words = _("Undone on %(day)s: %(removed)s rows removed, %(restored)s restored.") % counts
    if undo.stayed:
        stayed = ngettext(
            "%(count)s row is kept: it has changed since.",
            "%(count)s rows are kept: they have changed since.",
            undo.stayed,
        ) % {"count": formats.number(undo.stayed)}
        return f"{words} {stayed}"
    return words


def limits() -> list[str]:
    """What no undo takes back, whatever its rows."""
    return [
        _("Channels, categories and value mappings created by the import are kept."),
        _("Stage changes that followed stay in the history, marked as superseded; stages are updated."),
        _("Stored KPIs stay unchanged until they are recalculated."),
        _("Rows retried in a separate import are undone there."),
        _("Rejected rows that still wait are dismissed."),
    ]
