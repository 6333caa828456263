"""manage.py restage: bring the stages up to now, or check, replay or complete them."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.runtime.background.jobs import record
from crm.runtime.clock import BadInstant, now, parse
from crm.runtime.management.spoken import SpokenCommand
from members.lifecycle.counts.as_of import count_as_of
from members.lifecycle.recording.restage import JOB as RESTAGE_JOB
from members.lifecycle.recording.restage import restage
from members.lifecycle.recording.verify import JOB as VERIFY_JOB
from members.lifecycle.recording.verify import VerifyResult, restage_full, verify

# What a run tells, in words.
LABELS = {
    "now": gettext_lazy("Business time"),
    "as_of": gettext_lazy("As of"),
    "members": gettext_lazy("Members"),
    "waiting": gettext_lazy("Waiting"),
    "failed": gettext_lazy("Failed"),
    "differing": gettext_lazy("Different"),
    "samples": gettext_lazy("Different"),
    "transitions": gettext_lazy("Transitions"),
    "superseded": gettext_lazy("Superseded transitions"),
    "batches": gettext_lazy("Batches"),
    "stages": gettext_lazy("Stages"),
    "sub_states": gettext_lazy("Sub-states"),
    "seconds": gettext_lazy("Seconds"),
}


class Command(SpokenCommand):
    summary = gettext_lazy("Update the lifecycle stages of all changed and due members.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        how = parser.add_mutually_exclusive_group()
        how.add_argument(
            "--full", action="store_true", help=_("recompute all members and correct differences")
        )
        how.add_argument(
            "--verify",
            action="store_true",
            help=_("recompute all members and report differences; exit code 1 if there are any"),
        )
        how.add_argument("--as-of", metavar="DATE", help=_("count the stages as of that day, save nothing"))
        how.add_argument("--history", action="store_true", help=_("also record past transitions"))
        parser.add_argument("--json", action="store_true", help=_("print the result as one JSON object"))

    def handle(self, **options: Any) -> None:
        began = time.perf_counter()
        result = self._run(options) if options["as_of"] is None else self._as_of(options["as_of"])
        result["seconds"] = round(time.perf_counter() - began, 3)
        if options["json"]:
            self.stdout.write(json.dumps(result, default=str, ensure_ascii=False))
        else:
            self._write(result)
        if options["verify"] and result["differing"]:
            raise SystemExit(1)

    def _as_of(self, text: str) -> dict[str, Any]:
        try:
            at = parse(text, end_of_day=True)
        except BadInstant as error:
            raise CommandError(_("“%(day)s” is not a date or time in ISO 8601.") % {"day": text}) from error
        counted = count_as_of(at=at)
        return {
            "as_of": at.isoformat(),
            "members": sum(sum(counts.values()) for counts in counted.stages.values()),
            "failed": len(counted.failed),
            "stages": {stage: sum(counts.values()) for stage, counts in counted.stages.items()},
            "sub_states": {
                stage: {k: v for k, v in counts.items() if k} for stage, counts in counted.stages.items()
            },
        }

    def _run(self, options: dict[str, Any]) -> dict[str, Any]:
        at = now()
        name = VERIFY_JOB if options["verify"] else RESTAGE_JOB
        with record(name, now=at, caller="command") as run:
            if options["verify"]:
                result = verification_facts(verify(now=at, progress=run.advance))
            elif options["full"]:
                found, written = restage_full(now=at, progress=run.advance)
                result = {**verification_facts(found), **asdict(written), "members": found.members}
            else:
                result = asdict(restage(now=at, history=options["history"], progress=run.advance))
            run.advance(result["members"], result["members"])
            run.detail(**{key: value for key, value in result.items() if key != "samples"})
        return {"now": at.isoformat(), **result}

    def _write(self, result: dict[str, Any]) -> None:
        for key, value in result.items():
            label = LABELS[key]
            if isinstance(value, dict):
                self.stdout.write(f"{label}:")
                for inner, count in value.items():
                    self.stdout.write(f"  {inner:<12} {_parts(count) if isinstance(count, dict) else count}")
            elif isinstance(value, list):
                for sample in value:
                    self.stdout.write(f"  {label}: {json.dumps(sample, default=str, ensure_ascii=False)}")
            else:
                self.stdout.write(f"{label}: {value}")


def _parts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or "–"


def verification_facts(found: VerifyResult) -> dict[str, Any]:
    """A verification as plain data, without the list of all members that differ."""
    return {
        "members": found.members,
        "waiting": found.waiting,
        "failed": found.failed,
        "differing": found.differing,
        "samples": found.samples,
    }
