"""manage.py rules: ask rules of all members, one JSON object a line in, one out."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import datetime
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.runtime import clock
from crm.runtime.management.spoken import SpokenCommand
from members.rules.answer_line import answer_line
from members.rules.language.json_text import LONGEST
from members.rules.schema import schema

SHOWN = 20


class Command(SpokenCommand):
    summary = gettext_lazy("Evaluate rules: one JSON object per line in, its matching members per line out.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--all",
            action="store_true",
            help=_("list all IDs, not only the first %(count)s") % {"count": SHOWN},
        )

        parser.add_argument("--schema", action="store_true", help=_("print the JSON Schema of rules"))

    def handle(self, **options: Any) -> None:
        if options["schema"]:
            self.stdout.write(json.dumps(schema(), ensure_ascii=False, indent=1))
            return
        now = clock.now()
        for line in read_lines(sys.stdin.buffer):
            if line.strip():
                self._answer(line, now, None if options["all"] else SHOWN)

    def _answer(self, line: bytes, now: datetime, most: int | None) -> None:
        self.stdout.write(json.dumps(answer_line(line, now, most), ensure_ascii=False, default=str))


def read_lines(stream: BinaryIO) -> Iterator[bytes]:
    """The lines of a stream; of one that is too long for any rule only as much as tells so."""
    while line := stream.readline(LONGEST + 1):
        rest = line
        while not rest.endswith(b"\n") and len(rest) == LONGEST + 1:
            rest = stream.readline(LONGEST + 1)
        yield line
