"""manage.py replay_rejects RUN [FILE]: try rejected rows again, fixed or as they were."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.imports.loading.load import retry_rejects
from crm.imports.management.console import ImportConsole, describe_left, watching
from crm.imports.rejects.pending import left_to_fix
from crm.runtime.management.spoken import SpokenCommand


class Command(SpokenCommand):
    summary = gettext_lazy("Retry the pending rejected rows of an import: as fixed in FILE, or unchanged.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", type=int, help=_("number of the import"))
        parser.add_argument("file", type=Path, nargs="?", help=_("the fixed file from export_rejects"))
        parser.add_argument("--json", action="store_true", help=_("print the result as one JSON object"))

    def handle(self, *args: Any, run: int, file: Path | None, **options: Any) -> None:
        answer = ImportConsole(self, as_json=options["json"])
        with answer.refusing(), watching("replay rejects", f"import {run}", answer) as (now, watch, note):
            result = retry_rejects(run, file, now=now, progress=watch)
            note(result)
        answer.give(result)
        for sentence in describe_left(left_to_fix(run)):
            self.stderr.write(sentence)
