"""What all commands of manage.py share: they speak the language of the terminal."""

from __future__ import annotations

import codecs
import sys
from io import TextIOWrapper
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.functional import Promise
from django.utils.translation import override

from crm import environment

_ESCAPED = "perennial.escaped"


def _escape(error: UnicodeError) -> tuple[str, int]:
    """Signs that a stream has not, as JSON escapes them, so that objects of JSON stay what they are."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2)), error.end


codecs.register_error(_ESCAPED, _escape)


class SpokenCommand(BaseCommand):
    """Words for people, help included, are translated; with `--json` all is English, for programs."""

    summary: Promise | str = ""  # what it does, first in its help

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        with override(environment.terminal_language()):
            self.help = str(self.summary)  # argparse takes no lazy text
            return super().create_parser(prog_name, subcommand, **kwargs)

    def execute(self, *args: Any, **options: Any) -> str | None:
        if isinstance(sys.stdout, TextIOWrapper):  # of a terminal or a pipe that may not be in UTF-8
            sys.stdout.reconfigure(errors=_ESCAPED)
        language = "en" if options.get("json") else environment.terminal_language()
        with override(language):
            return super().execute(*args, **options)
