"""What the commands of the import say: a progress bar on a terminal, the result in words or as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from crm.imports.errors.row_errors import RowRejected
from crm.imports.kinds import UnknownKind, names
from crm.imports.loading.load import NoSuchImport
from crm.imports.loading.result import Result
from crm.imports.models import COUNTS
from crm.imports.reading.sentences import describe, describe_columns, describe_skipped
from crm.imports.reading.source import Source
from crm.imports.rejects.pending import Left
from crm.runtime import clock
from crm.runtime.background.jobs import record

Watch = Callable[[int, int | None], None]
Note = Callable[[Result], None]


class ImportConsole:
    """How one command answers: in words, or as one JSON object on standard output."""

    def __init__(self, command: BaseCommand, *, as_json: bool) -> None:
        self._command, self.as_json = command, as_json

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """Prints why a file was rejected in one sentence, and ends with exit code 1."""
        try:
            yield
        except ValueError as error:  # UnknownKind, FileRejected, a file that is no reject file
            if self.as_json:
                self._command.stdout.write(json.dumps({"error": _said(error)}, ensure_ascii=False))
                sys.exit(1)
            raise CommandError(_said(error)) from error

    def describe(self, file: Source) -> None:
        """Say how the file is read, before anything is stored."""
        if self.as_json:
            return
        for sentence in (*describe_columns(file.layout), *describe(file.layout, file.table.line)):
            self._command.stdout.write(sentence)

    def give(self, result: Result, *, dry_run: bool = False) -> None:
        """Say what became of the rows."""
        if self.as_json:
            self._command.stdout.write(json.dumps(result.as_json(), ensure_ascii=False))
            return
        for sentence in _describe(result, dry_run=dry_run):
            self._command.stdout.write(sentence)


def _said(error: ValueError) -> str:
    if isinstance(error, RowRejected):
        return error.reason.said()
    if isinstance(error, UnknownKind):
        words = _("“%(kind)s” is not a kind of file. Available: %(kinds)s.")
        return words % {"kind": error.name, "kinds": ", ".join(names())}
    if isinstance(error, NoSuchImport):
        return _("Import %(run)s does not exist.") % {"run": error.run_id}
    return str(error)


def _describe(result: Result, *, dry_run: bool) -> Iterator[str]:
    """What became of the rows, a sentence or a line each."""
    counts = {name: f"{getattr(result, name):,}" for name in COUNTS}
    yield _(
        "%(read)s read: %(added)s added, %(updated)s updated, %(unchanged)s unchanged, %(rejected)s rejected"
        " (%(seconds)s s)"
    ) % {**counts, "seconds": f"{result.seconds:.1f}"}
    yield from describe_skipped(result.skipped.found)
    for label, codes in result.created.items():
        yield _("New %(what)s: %(codes)s") % {"what": label, "codes": ", ".join(codes)}
    for column, pairs in result.words.items():
        yield f"{column}: {', '.join(f'{word} → {ours}' for word, ours in sorted(pairs.items()))}"
    for column, count in result.cleared.items():
        words = ngettext("%(column)s: %(count)s value cleared", "%(column)s: %(count)s values cleared", count)
        yield words % {"column": column, "count": f"{count:,}"}
    for reject in result.rejects:
        value = f"{reject.value!r} " if reject.field else ""
        words = _("line %(line)s, %(field)s: %(why)s")
        field = reject.field or _("whole row")
        yield "  " + words % {"line": reject.line, "field": field, "why": value + reject.reason.said()}
    if more := result.rejected - len(result.rejects):
        yield "  " + ngettext("… and %(count)s more", "… and %(count)s more", more) % {"count": f"{more:,}"}
    if dry_run:
        yield _("Dry run: no data was saved.")
    elif result.rejected:
        command = f"manage.py export_rejects {result.run_id} FILE"
        yield _("Rejected rows are kept. To export them: %(command)s") % {"command": command}


def describe_left(left: Left) -> Iterator[str]:
    """What is still to be done after a retry; nothing where all is done."""
    if left.to_fix:
        words = ngettext(
            "%(count)s row of import %(run)s cannot be split or decoded. Fix them first: %(command)s",
            "%(count)s rows of import %(run)s cannot be split or decoded. Fix them first: %(command)s",
            left.to_fix,
        )
        command = f"manage.py export_rejects {left.run_id} FILE"
        yield words % {"count": f"{left.to_fix:,}", "run": left.run_id, "command": command}
    if left.later:
        words = _("The same file was imported again. Its rejected rows are pending under import %(run)s.")
        yield words % {"run": left.later}


@contextmanager
def watching(
    job: str, what: str, answer: ImportConsole, *, dry_run: bool = False
) -> Iterator[tuple[datetime, Watch, Note]]:
    """The business now, and whom to tell progress and result: the terminal and (no dry run) the record."""
    now = clock.now()
    with ExitStack() as stack:
        console = Console(stderr=True)
        bar = stack.enter_context(
            Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                TextColumn("{task.percentage:>3.0f}%"),
                TimeRemainingColumn(),
                console=console,
                transient=True,
                disable=answer.as_json or not console.is_terminal,
            )
        )
        task = bar.add_task(what, total=None)
        run = None if dry_run else stack.enter_context(record(job[:60], now=now))

        def watch(done: int, total: int | None) -> None:
            bar.update(task, completed=done, total=total)
            if run:
                run.advance(done, total)

        def note(result: Result) -> None:
            if run:
                run.detail(**{name: getattr(result, name) for name in COUNTS})

        yield now, watch, note
