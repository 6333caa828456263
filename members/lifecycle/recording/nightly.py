"""The nightly verification: stages of all members, kept counts, and the records of a part of the members."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from crm.runtime.clock import day_of
from crm.runtime.models import JobRun
from members.lifecycle.counts.maintenance import find_miscounts
from members.lifecycle.recording.restage import Progress, restage
from members.lifecycle.recording.verify import JOB, verify
from members.lifecycle.recording.verify_sample import PARTS, part_of, verify_sample

SAMPLES = 20


class Differing(RuntimeError):
    """What is stored is not what the facts say."""


def verify_nightly(*, now: datetime, progress: Progress | None = None) -> dict[str, Any]:
    """Restage what waits, then compare; the facts for the record of the run (differences of all kinds)."""
    restage(now=now)
    stages = verify(now=now, progress=progress)
    miscounts = find_miscounts()
    parts = parts_to_verify(day_of(now))
    records = verify_sample(parts, now=now)
    return {
        "members": stages.members,
        "waiting": stages.waiting,
        "failed": stages.failed,
        "differing": stages.differing,
        "miscounts": len(miscounts),
        "sampled": records.members,
        "transitions_differing": records.transitions,
        "bounds_differing": records.bounds,
        "day": day_of(now).isoformat(),
        "parts": parts,
        "samples": stages.samples + records.samples + [vars(one) for one in miscounts[:SAMPLES]],
    }


def parts_to_verify(today: date) -> list[int]:
    """Tonight's part of the members and those of the last week's nights that no run has verified."""
    week = [today - timedelta(days=ago) for ago in range(PARTS)]
    runs = JobRun.objects.filter(name=JOB, detail__day__gte=week[-1].isoformat())
    verified = {part for run in runs for part in run.detail["parts"]}
    first = JobRun.objects.filter(name=JOB, detail__has_key="parts").exists()
    missed = {part_of(day) for day in week[1:]} - verified if first else set()
    return sorted({part_of(today)} | missed)


def differences(found: dict[str, Any]) -> str:
    """What differs, for the failure of the run; empty where nothing does."""
    texts = {
        "differing": "stages",
        "miscounts": "kept counts",
        "transitions_differing": "members' transitions",
        "bounds_differing": "members' bounds",
    }
    return ", ".join(f"{found[name]} {text}" for name, text in texts.items() if found[name])
