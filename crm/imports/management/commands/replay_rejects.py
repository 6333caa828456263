"""manage.py replay_rejects RUN [FILE]: try rejected rows again, fixed or as they were."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from crm.imports.loading.load import retry_rejects
from crm.imports.management.console import ImportConsole, watching
from crm.imports.rejects.pending import what_waits


class Command(BaseCommand):
    help = "Retry the pending rejects of an import: as fixed in FILE, or as they were kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", type=int, help="number of the import")
        parser.add_argument("file", type=Path, nargs="?", help="what export_rejects wrote, fixed")
        parser.add_argument("--json", action="store_true", help="print the result as one JSON object")

    def handle(self, *args: Any, run: int, file: Path | None, **options: Any) -> None:
        answer = ImportConsole(self, as_json=options["json"])
        with answer.refusing(), watching("replay rejects", f"import {run}", answer) as (now, watch, note):
            result = retry_rejects(run, file, now=now, progress=watch)
            note(result)
        answer.give(result)
        if words := what_waits(run):
            self.stderr.write(words)
