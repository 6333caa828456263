"""Job runs as the jobs page shows them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.runtime.models import JobRun
from crm.runtime.sql_files import sql_beside
from crm.web import formats
from crm.web.charts import Sparkline, sparkline
from crm.web.lists.keyset import Order
from crm.web.lists.paging import Page, page_of
from crm.web.lists.tokens import parse_instant

SHOWN = 20  # runs of each job, of which the times are drawn
FEWEST = 5  # of them; fewer draw a trend that is none
_SQL = sql_beside(__file__)("latest_runs")
NEWEST_FIRST = Order("started_at", parse_instant, nulls=False)
VERIFICATION = "verify the stages"
LABELS: dict[str, str | Promise] = {
    "restage members": gettext_lazy("Update stages"),
    "count the KPIs": gettext_lazy("Calculate KPIs of this and last month"),
    VERIFICATION: gettext_lazy("Verify stages"),
    "try a policy": gettext_lazy("Run policy impact previews"),
    "replay rejects": gettext_lazy("Retry rejected rows"),
}
_FAMILIES: dict[str, Callable[[str], str]] = {}
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
    "waiting": gettext_lazy("remaining"),
    "differing": gettext_lazy("mismatches"),
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
    rows: int
    done: int  # of total, which may be bytes
    total: int | None
    seconds: float | None
    caller_label: str | Promise
    failure: str
    outcome: str
    trace: tuple[str, ...] = ()
    members: int = 0


@dataclass(frozen=True)
class ShownJob:
    """A job with its latest runs, newest first."""

    name: str
    label: str | Promise
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


def label(name: str) -> str | Promise:
    """A job in words; its name where nobody gave it any."""
    for prefix, said in _FAMILIES.items():
        if name.startswith(prefix):
            return said(name.removeprefix(prefix))
    return LABELS.get(name, name)


def name_family(prefix: str, said: Callable[[str], str]) -> None:
    """Publish how jobs are called whose names begin alike; `said` is given the rest of the name."""
    _FAMILIES[prefix] = said


def history(name: str, after: str) -> Page:
    """The runs of one job, the newest first. Raises BadQuery."""
    page = page_of(JobRun.objects.filter(name=name), NEWEST_FIRST, after)
    return Page([_shown(run) for run in page.rows], page.next, page.first)


def verification(jobs: list[ShownJob]) -> tuple[str, str]:
    """(how it stands: good, bad or empty; in a sentence) of the last comparison that ended."""
    runs = next((job.runs for job in jobs if job.name == VERIFICATION), ())
    ended = next((run for run in runs if run.state != "running"), None)
    if ended is None:
        return "", _("Stages have not been verified yet. Verification runs nightly.")
    at = formats.moment(ended.started_at)
    if ended.state == "succeeded":
        words = _("Verified %(at)s: the stages of all %(members)s members match a full recalculation.")
        return "good", words % {"at": at, "members": formats.number(ended.members)}
    return "bad", _("Verification failed at %(at)s: %(why)s") % {"at": at, "why": ended.failure}


def _shown(run: JobRun) -> ShownRun:
    seconds = (run.finished_at - run.started_at).total_seconds() if run.finished_at else None
    return ShownRun(
        state=run.state,
        started_at=run.started_at,
        rows=int(run.detail.get("read", run.done)),
        done=run.done,
        total=run.total,
        seconds=None if seconds is None else round(seconds, 1),
        caller_label=CALLERS.get(run.caller, run.caller),
        failure=run.failure,
        outcome=_outcome(run.detail),
        trace=tuple(run.detail.get("trace", ())),
        members=int(run.detail.get("members", 0)),
    )


def _outcome(detail: dict[str, Any]) -> str:
    """The counts a run noted, in words; what is no count (samples) is for the log."""
    counts = [(name, value) for name, value in detail.items() if name in FACTS]
    return " · ".join(f"{FACTS.get(name, name)} {formats.number(value)}" for name, value in counts)
