"""What the commands of the import say: a progress bar on a terminal, the result in words or as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from crm.imports.loading.result import Result
from crm.imports.models import COUNTS
from crm.imports.reading.sentences import describe, describe_columns, describe_skipped
from crm.imports.reading.source import Source
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
                self._command.stdout.write(json.dumps({"error": str(error)}, ensure_ascii=False))
                sys.exit(1)
            raise CommandError(str(error)) from error

    def describe(self, file: Source) -> None:
        """Say how the file is read, before anything is stored."""
        if self.as_json:
            return
        with override("en"):
            for sentence in (*describe_columns(file.layout), *describe(file.layout, file.table.line)):
                self._command.stdout.write(sentence)

    def give(self, result: Result, *, dry_run: bool = False) -> None:
        """Say what became of the rows."""
        if self.as_json:
            self._command.stdout.write(json.dumps(result.as_json(), ensure_ascii=False))
            return
        say = self._command.stdout.write
        say(
            f"{result.read:,} read: {result.added:,} added, {result.updated:,} updated,"
            f" {result.unchanged:,} unchanged, {result.rejected:,} rejected in {result.seconds:.1f} s"
        )
        with override("en"):
            for sentence in describe_skipped(result.skipped.found):
                say(sentence)
        for label, codes in result.created.items():
            say(f"new {label}: {', '.join(codes)}")
        for column, pairs in result.words.items():
            say(f"{column}: {', '.join(f'{word} → {ours}' for word, ours in sorted(pairs.items()))}")
        for column, count in result.cleared.items():
            say(f"{column}: {count:,} values cleared")
        for reject in result.rejects:
            value = f"{reject.value!r} " if reject.field else ""
            say(f"  line {reject.line}, {reject.field or 'the row'}: {value}{reject.why_here}")
        if result.rejected > len(result.rejects):
            say(f"  … and {result.rejected - len(result.rejects):,} more")
        if dry_run:
            say("dry run: nothing was stored")
        elif result.rejected:
            say(f"rejected rows are kept: manage.py export_rejects {result.run_id} FILE")


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
