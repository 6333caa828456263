"""Job runs as the jobs page shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from crm.runtime.extension.labels import Label
from crm.runtime.models import JobRun
from crm.runtime.sql_files import sql_beside
from crm.web import formats
from crm.web.charts import Sparkline, sparkline
from crm.web.jobs.registry import job_of
from crm.web.lists.keyset import Order
from crm.web.lists.paging import Page, page_of
from crm.web.lists.tokens import parse_instant

SHOWN = 20  # runs of each job, of which the times are drawn
FEWEST = 5  # of them; fewer draw a trend that is none
_SQL = sql_beside(__file__)("latest_runs")
NEWEST_FIRST = Order("started_at", parse_instant, nulls=False)
CALLERS: dict[str, str | Promise] = {
    "command": gettext_lazy("Command"),
    "beat": gettext_lazy("Schedule"),
    "web": gettext_lazy("Page"),
    "worker": gettext_lazy("Worker"),
}


@dataclass(frozen=True)
class ShownRun:
    """One run; `seconds` are empty while it runs. `detail` are facts it noted, `outcome` those in words."""

    state: str
    started_at: datetime
    rows: int
    done: int  # of total, which may be bytes
    total: int | None
    seconds: float | None
    caller_label: str | Promise
    failure: str
    outcome: str
    trace: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ShownJob:
    """A job with its latest runs, newest first."""

    name: str
    label: Label
    runs: tuple[ShownRun, ...]

    @property
    def last(self) -> ShownRun:
        return self.runs[0]

    @property
    def times(self) -> Sparkline | None:
        """Seconds of the runs that are over, the oldest first."""
        return times(self.runs)


def times(shown: Sequence[ShownRun]) -> Sparkline | None:
    """Seconds of those runs, given newest first, that are over; none where they are too few to compare."""
    seconds = [run.seconds for run in reversed(shown) if run.seconds is not None]
    return sparkline(seconds) if len(seconds) >= FEWEST else None


def latest_by_job() -> list[ShownJob]:
    """Every job that ever ran, the most recently started first. One query."""
    by_name: dict[str, list[ShownRun]] = {}
    for run in JobRun.objects.raw(_SQL, {"shown": SHOWN}):
        by_name.setdefault(run.name, []).append(_shown(run))
    return [ShownJob(name, label(name), tuple(runs)) for name, runs in by_name.items()]


def label(name: str) -> Label:
    """A job in words; its name where no app gives it any."""
    return job_of(name).label


def history(name: str, after: str) -> Page:
    """The runs of one job, the newest first. Raises BadQuery."""
    page = page_of(JobRun.objects.filter(name=name), NEWEST_FIRST, after)
    return Page([_shown(run) for run in page.rows], page.next, page.first)


def _shown(run: JobRun) -> ShownRun:
    job = job_of(run.name)
    seconds = (run.finished_at - run.started_at).total_seconds() if run.finished_at else None
    return ShownRun(
        state=run.state,
        started_at=run.started_at,
        rows=int(run.detail.get(job.rows, run.done)),
        done=run.done,
        total=run.total,
        seconds=None if seconds is None else round(seconds, 1),
        caller_label=CALLERS.get(run.caller, run.caller),
        failure=run.failure,
        outcome=_outcome(run.detail, job.facts),
        trace="\n".join(run.detail.get("trace", ())),
        detail=run.detail,
    )


def _outcome(detail: Mapping[str, Any], facts: Mapping[str, Label]) -> str:
    """The counts a run noted, in words; what is no count (samples) is for the log."""
    counts = [(facts[name], value) for name, value in detail.items() if name in facts]
    return " · ".join(f"{words} {formats.number(value)}" for words, value in counts)
