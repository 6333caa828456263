"""manage.py check_copy [--pack cn] < texts.ndjson > findings.ndjson: check the wording of texts."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from campaigns.review.wording.lines import answers, numbered_lines
from campaigns.review.wording.packs import BadPack, load, names


class Command(BaseCommand):
    help = "Check the wording of texts: one JSON object a line in, one with its findings out."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--pack", default="cn", help=f"the rule pack: {', '.join(names())} (%(default)s)")

    def handle(self, *args: Any, pack: str, **options: Any) -> None:
        try:
            rules = load(pack)
        except BadPack as error:
            raise CommandError(str(error)) from error
        for line in answers(numbered_lines(sys.stdin.buffer), rules):
            sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()
