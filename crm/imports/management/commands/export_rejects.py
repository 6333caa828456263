"""manage.py export_rejects RUN FILE: write the waiting rejects of an import, to be fixed."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from crm.imports.models import ImportRun
from crm.imports.rejects.sheet import export
from crm.runtime import clock


class Command(BaseCommand):
    help = (
        "Write the waiting rejects of an import as CSV or .xlsx, with the reason of each. The file holds"
        " personal data in plain: only its owner can read it, and it should be deleted when it has served."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", type=int, help="number of the import")
        parser.add_argument("file", type=Path, help="a file that does not exist yet, .csv or .xlsx")

    def handle(self, *args: Any, run: int, file: Path, **options: Any) -> None:
        found = ImportRun.objects.filter(pk=run).first()
        if found is None:
            raise CommandError(f"there is no import {run}")
        try:
            count = export(found, file, now=clock.now())
        except OSError as error:
            raise CommandError(f"{file}: cannot be written ({error.strerror})") from error
        self.stdout.write(
            f"{count:,} rejects written; mend them, then: manage.py replay_rejects {run} {file}"
        )
        self.stderr.write("The file holds personal data in plain. Delete it when it has served.")
