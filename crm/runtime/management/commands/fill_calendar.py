"""manage.py fill_calendar YEAR [YEAR …]: the published holidays as rows that staff can edit."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.runtime import calendar


class Command(BaseCommand):
    help = "Write the published holidays and make-up workdays of years as rows to edit; edited days are kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("years", nargs="+", type=int, metavar="YEAR")

    def handle(self, *args: Any, years: list[int], **options: Any) -> None:
        for year in years:
            try:
                self.stdout.write(f"{year}: {calendar.fill(year)} days added")
            except ValueError as error:
                raise CommandError(str(error)) from error
