"""manage.py export_rejects RUN FILE: write the waiting rejects of an import, to be fixed."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.imports.models import ImportRun
from crm.imports.rejects.sheet import export
from crm.runtime import clock
from crm.runtime.management.spoken import SpokenCommand


class Command(SpokenCommand):
    summary = gettext_lazy(
        "Export the pending rejected rows of an import as CSV or .xlsx, with the reason for each. The file"
        " contains unmasked personal data: only its owner can read it. Delete it after use."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", type=int, help=_("number of the import"))
        parser.add_argument("file", type=Path, help=_("a new file, .csv or .xlsx"))

    def handle(self, *args: Any, run: int, file: Path, **options: Any) -> None:
        found = ImportRun.objects.filter(pk=run).first()
        if found is None:
            raise CommandError(_("Import %(run)s does not exist.") % {"run": run})
        try:
            count = export(found, file, now=clock.now())
        except OSError as error:
            why = _("%(file)s cannot be written (%(why)s).") % {"file": file, "why": error.strerror}
            raise CommandError(why) from error
        self.stdout.write(
            ngettext("%(count)s rejected row exported.", "%(count)s rejected rows exported.", count)
            % {"count": f"{count:,}"}
        )
        self.stdout.write(
            _("Fix them, then run: %(command)s") % {"command": f"manage.py replay_rejects {run} {file}"}
        )
        self.stderr.write(_("The file contains unmasked personal data. Delete it after use."))
