"""What the pages say of an import, in sentences of the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.imports import kinds
from crm.imports.errors.row_errors import load_reason
from crm.imports.fixing.fix import shared_reason
from crm.imports.kinds import Kind, UnknownKind
from crm.imports.models import ImportOutcome, ImportRun, Reject
from crm.imports.reading.sentences import describe_skipped
from crm.imports.tables.record import UNIT
from crm.imports.vocabulary import headings
from crm.runtime.models import QueueState
from crm.web import formats
from crm.web.formats import number
from crm.web.jobs.liveness import together


def kind_label(name: str) -> str:
    """The kind of file for people; its name where it is no longer known."""
    try:
        return str(kinds.get(name).label) or name
    except UnknownKind:
        return name


def job_label(kind: str) -> str:
    """The job that takes files of a kind in."""
    return _("Import: %(kind)s") % {"kind": kind_label(kind)}


def column_label(kind: Kind, name: str) -> str:
    """The column for people; of none, the row as a whole."""
    return headings.label(kind, name) if name else _("entire row")


def mark_label(delimiter: str) -> str:
    """How columns are separated; empty for a workbook."""
    return {",": _("comma"), ";": _("semicolon"), "\t": _("tab"), "|": _("pipe"), UNIT: ""}.get(
        delimiter, delimiter
    )


def rows(count: int) -> str:
    """A number of rows, in words."""
    return ngettext("%(count)s row", "%(count)s rows", count) % {"count": number(count)}


def result(counts: Any) -> str:
    """What became of the rows: a run's or a trial's counts."""
    value = counts.__getitem__ if isinstance(counts, dict) else counts.__getattribute__
    parts = {
        "read": rows(value("read")),
        "added": number(value("added")),
        "updated": number(value("updated")),
        "unchanged": number(value("unchanged")),
        "rejected": number(value("rejected")),
    }
    text = _(
        "%(read)s: %(added)s added, %(updated)s updated, %(unchanged)s unchanged, %(rejected)s rejected."
    )
    return text % parts


def run_sentence(run: ImportRun) -> str:
    """The state of a run as its page begins."""
    if run.is_interrupted:
        return _("Interrupted. It resumes automatically; imported rows are kept.")
    if run.state == QueueState.WAITING:
        return _("Queued.")
    if run.is_open:
        return _("Stopping after the current batch.") if run.cancel_asked else _("Importing.")
    so_far = result(run) if run.read and not run.dry_run else ""
    if run.outcome == ImportOutcome.FAILED:
        return together(_("Failed: %(why)s") % {"why": run.failure_words}, so_far)
    if run.outcome == ImportOutcome.LOST:
        lost = _("Worker stopped unexpectedly. Imported rows are kept; run again to import the rest.")
        return together(lost, so_far)
    if run.outcome == ImportOutcome.CANCELLED:
        if run.dry_run:
            return together(_("Stopped on request."), _("No data was saved."))
        return together(_("Stopped on request."), result(run), _("Imported rows are kept."))
    words = [result(run), *describe_skipped(run.skipped)]
    if run.dry_run:
        words.insert(0, _("Dry run: no data was saved."))
    if run.took_none:
        words.append(
            _("No rows were imported. Review the reasons and check the source system before uploading again.")
        )
    return together(*words)


def speed(run: ImportRun) -> str:
    """Seconds and rows a second, where they are known."""
    if run.seconds is None:
        return ""
    return pace(run.read, run.seconds)


def pace(read: int, seconds: float) -> str:
    """12.3 s · 40,650 rows a second."""
    took = _("%(count)s s") % {"count": number(round(seconds, 1))}
    if seconds < 0.05 or not read:
        return took
    return took + " · " + _("%(count)s rows per second") % {"count": number(round(read / seconds))}


def faults(kind: Kind, found: Iterable[Sequence[Any]]) -> list[dict[str, Any]]:
    """[{column, why, rows}] of what a run or trial found wrong."""
    return [
        {
            "column": column_label(kind, field),
            "why": shared_reason(code, params).said(),
            "rows": count,
        }
        for field, code, params, count in found
    ]


def shown(kind: Kind, found: Iterable[Sequence[Any]]) -> list[dict[str, Any]]:
    """[{line, column, value, why}] of a dry run's or trial's first rejects."""
    return [
        {
            "line": line,
            "column": column_label(kind, field),
            "value": value,
            "why": load_reason(code, params).said(),
        }
        for line, field, value, code, params in found
    ]


def reasons(kind: Kind, reject: Reject) -> list[tuple[str, str, str]]:
    """(column, value as anybody may see it, why) of everything that is wrong with a row."""
    wrong = [(reject.field, reject.value, reject.reason)]
    wrong += [(field, value, load_reason(code, params)) for field, value, code, params in reject.also]
    return [(column_label(kind, field), value, reason.said()) for field, value, reason in wrong]


def reasons_text(kind: Kind, reject: Reject) -> str:
    """Everything that is wrong with a row, in one text; the first one without its column."""
    first, *others = reasons(kind, reject)
    return together(first[2], *(_("%(column)s: %(why)s") % {"column": c, "why": w} for c, _v, w in others))


def cleared(kind: Kind, counts: Mapping[str, int]) -> str:
    """How many values empty cells clear, in all and by column; empty where none."""
    if not counts:
        return ""
    by_column = ", ".join(f"{column_label(kind, name)} {number(count)}" for name, count in counts.items())
    words = ngettext(
        "%(count)s stored value is cleared: %(columns)s",
        "%(count)s stored values are cleared: %(columns)s",
        sum(counts.values()),
    )
    return words % {"count": number(sum(counts.values())), "columns": by_column}


def matched_words(kind: Kind, found: Mapping[str, Mapping[str, str]]) -> list[tuple[str, str]]:
    """[(column, "申购 → buy, 赎回 → redemption")] of the words that were read as ours."""
    return [
        (column_label(kind, name), ", ".join(f"{word} → {ours}" for word, ours in sorted(pairs.items())))
        for name, pairs in found.items()
    ]


def size(count: int) -> str:
    """Bytes in the unit that fits: 812 B, 3.4 MB."""
    for unit, step in (("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10)):
        if count >= step:
            return f"{formats.number(round(count / step, 1)).removesuffix('.0')} {unit}"
    return f"{count} B"
