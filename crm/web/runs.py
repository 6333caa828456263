"""Job runs as the jobs page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from crm.runtime.models import JobRun
from crm.web import formats

SHOWN = 8  # runs of each job
_SQL = (Path(__file__).parent / "sql" / "latest_runs.sql").read_text()
VERIFICATION = "verify the stages"
LABELS: dict[str, str | Promise] = {
    "restage members": gettext_lazy("Restage changed and due members"),
    "count the KPIs": gettext_lazy("Count the KPIs of this month and the last"),
    VERIFICATION: gettext_lazy("Verify: full and incremental answers compared"),
}
CALLERS: dict[str, str | Promise] = {
    "command": gettext_lazy("Command"),
    "beat": gettext_lazy("Schedule"),
    "web": gettext_lazy("Page"),
    "worker": gettext_lazy("Worker"),
}

FACTS: dict[str, str | Promise] = {
    "members": gettext_lazy("members"),
    "months": gettext_lazy("months"),
    "transitions": gettext_lazy("transitions"),
    "superseded": gettext_lazy("superseded"),
    "batches": gettext_lazy("batches"),
    "waiting": gettext_lazy("waiting"),
    "differing": gettext_lazy("differing"),
    "read": gettext_lazy("read"),
    "added": gettext_lazy("added"),
    "updated": gettext_lazy("updated"),
    "unchanged": gettext_lazy("unchanged"),
    "rejected": gettext_lazy("rejected"),
}


@dataclass(frozen=True)
class ShownRun:
    """One run; `seconds` are empty while it runs, `outcome` are the facts it noted."""

    state: str
    started_at: datetime
    done: int
    total: int | None
    seconds: float | None
    caller_label: str | Promise
    failure: str
    outcome: str


@dataclass(frozen=True)
class ShownJob:
    """A job with its latest runs, newest first."""

    name: str
    label: str | Promise
    runs: tuple[ShownRun, ...]

    @property
    def last(self) -> ShownRun:
        return self.runs[0]


def latest_by_job() -> list[ShownJob]:
    """Every job that ever ran, the most recently started first. One query."""
    by_name: dict[str, list[ShownRun]] = {}
    for run in JobRun.objects.raw(_SQL, {"shown": SHOWN}):
        by_name.setdefault(run.name, []).append(_shown(run))
    return [ShownJob(name, LABELS.get(name, name), tuple(runs)) for name, runs in by_name.items()]


def _shown(run: JobRun) -> ShownRun:
    seconds = (run.finished_at - run.started_at).total_seconds() if run.finished_at else None
    return ShownRun(
        state=run.state,
        started_at=run.started_at,
        done=run.done,
        total=run.total,
        seconds=None if seconds is None else round(seconds, 1),
        caller_label=CALLERS.get(run.caller, run.caller),
        failure=run.failure,
        outcome=_outcome(run.detail),
    )


def _outcome(detail: dict[str, Any]) -> str:
    """The counts a run noted, in words; what is no count (samples) is for the log."""
    counts = [(name, value) for name, value in detail.items() if isinstance(value, int | float)]
    return " · ".join(f"{FACTS.get(name, name)} {formats.number(value)}" for name, value in counts)
