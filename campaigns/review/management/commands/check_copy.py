"""manage.py check_copy [--pack cn] < texts.ndjson > findings.ndjson: check the wording of texts."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db import OperationalError, ProgrammingError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.review.rules.effective import pack_at
from campaigns.review.wording.lines import answers, numbered_lines
from campaigns.review.wording.packs import BadPack, Pack
from campaigns.review.wording.sources import load, names
from crm.runtime import clock
from crm.runtime.management.spoken import SpokenCommand


class Command(SpokenCommand):
    summary = gettext_lazy(
        "Check the wording of texts: one JSON object per line in, its findings per line out."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        packs = _("rule pack: %(names)s") % {"names": ", ".join(names())}
        parser.add_argument("--pack", default="cn", help=f"{packs} (%(default)s)")

    def handle(self, *args: Any, pack: str, **options: Any) -> None:
        try:
            rules = _pack(pack)
        except BadPack as error:
            raise CommandError(str(error)) from error
        for line in answers(numbered_lines(sys.stdin.buffer), rules):
            sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()


def _pack(name: str) -> Pack:
    """As it is in effect; as its files have it where no database has its tables. Raises BadPack."""
    try:
        return pack_at(name, clock.now())
    except (OperationalError, ProgrammingError):
        return load(name)
