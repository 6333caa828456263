"""manage.py import_csv KIND FILE: import a table, a workbook or a bill."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.imports import kinds
from crm.imports.kinds import names
from crm.imports.loading.load import import_file
from crm.imports.management import arguments
from crm.imports.management.console import ImportConsole, watching
from crm.runtime.management.spoken import SpokenCommand


class Command(SpokenCommand):
    summary = gettext_lazy("Import a file. Rejected rows are listed and kept; all others are imported.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", help=", ".join(names()))
        parser.add_argument("file", type=Path, help=_("CSV (or .csv.gz), .xlsx, .ods or a bill"))
        parser.add_argument("--source", default="", help=_("system whose IDs the file uses"))
        arguments.add(parser)
        parser.add_argument("--dry-run", action="store_true", help=_("show what would happen, save nothing"))
        parser.add_argument("--json", action="store_true", help=_("print the result as one JSON object"))

    def handle(self, *args: Any, kind: str, file: Path, **options: Any) -> None:
        answer = ImportConsole(self, as_json=options["json"])
        with (
            answer.refusing(),
            watching(f"import {kind}", file.name, answer, dry_run=options["dry_run"]) as (now, watch, note),
        ):
            result = import_file(
                kind,
                file,
                source=options["source"],
                now=now,
                dry_run=options["dry_run"],
                progress=watch,
                decided=arguments.decided(kinds.get(kind), options),
                tell=answer.describe,
            )
            note(result)
        answer.give(result, dry_run=options["dry_run"])
