"""manage.py fill_calendar YEAR [YEAR …]: the published holidays as rows that staff can edit."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.runtime import calendar
from crm.runtime.management.spoken import SpokenCommand


class Command(SpokenCommand):
    summary = gettext_lazy("Add the published holidays and make-up workdays of a year. Edited days are kept.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("years", nargs="+", type=int, metavar="YEAR")

    def handle(self, *args: Any, years: list[int], **options: Any) -> None:
        for year in years:
            try:
                days = calendar.fill(year)
            except calendar.UnknownYear as error:
                words = _("%(year)s: the published calendar covers %(first)s to %(last)s.")
                raise CommandError(words % vars(error)) from error
            said = ngettext("%(year)s: %(days)s day added", "%(year)s: %(days)s days added", days)
            self.stdout.write(said % {"year": year, "days": days})
