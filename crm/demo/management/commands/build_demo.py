"""manage.py build_demo [--members N] [--today DATE] [--reset]: a world to look at, in an empty database."""

from __future__ import annotations

import time
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.demo.build import BadFile, WorldDiffers, build
from crm.demo.owner import NotOurs
from crm.runtime import clock


class Command(BaseCommand):
    help = "Build the demonstration world, unless it already exists."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--members", type=_count, help="number of people (default 5,000)")
        parser.add_argument(
            "--today", type=date.fromisoformat, help="last day of the world, ISO 8601 (default: today)"
        )
        parser.add_argument("--reset", action="store_true", help="replace the existing world")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        wanted: date | None = options["today"]
        now = clock.now()
        if wanted is not None:  # stages are worked out as of that day's noon, at the latest
            now = min(now, clock.day_start(wanted) + timedelta(hours=12))

        def say(words: str) -> None:
            self.stdout.write(f"  {time.monotonic() - started:5.1f} s  {words}")
            self.stdout.flush()

        try:
            built = build(
                settings.VAR_DIR / "demo",
                now=now,
                today=wanted or clock.day_of(now),
                members=options["members"],
                wanted_today=wanted,
                reset=options["reset"],
                say=say,
            )
        except (NotOurs, WorldDiffers, BadFile) as error:
            raise CommandError(str(error)) from error
        say("The world is ready." if built else "The world already exists.")


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number
