"""What all commands of manage.py share: they speak the language of the terminal."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.functional import Promise
from django.utils.translation import override

from crm import environment


class SpokenCommand(BaseCommand):
    """Words for people, help included, are translated; with `--json` all is English, for programs."""

    summary: Promise | str = ""  # what it does, first in its help

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        with override(environment.terminal_language()):
            self.help = str(self.summary)  # argparse takes no lazy text
            return super().create_parser(prog_name, subcommand, **kwargs)

    def execute(self, *args: Any, **options: Any) -> str | None:
        language = "en" if options.get("json") else environment.terminal_language()
        with override(language):
            return super().execute(*args, **options)
