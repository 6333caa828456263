"""Home of operations: files that came in, rows to mend, jobs that failed, members who moved."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.desk.home.inbox import page, requests_block, said_of_requests, waiting
from crm.desk.home.jobs import broken_jobs, jobs_block, said_of_jobs
from crm.desk.home.shapes import Block, Cell, Line, Link, Table, Today, counted, told
from crm.intake.models import ImportRun, ImportState, Reject
from crm.runtime.clock import day_of
from crm.staff.models import Staff
from crm.web import formats
from members.lifecycle.models import MoveCount, Stage

SHOWN, COUNTED = 6, 1_000
_BAD = frozenset({ImportState.FAILED, ImportState.LOST})


def today(staff: Staff, now: datetime) -> Today:
    """Five queries."""
    runs = list(ImportRun.objects.filter(dry_run=False).order_by("-started_at")[:SHOWN])
    rejects = Reject.objects.filter(mended_at=None)[: COUNTED + 1].count()
    jobs, requests = broken_jobs(), waiting(staff, now)
    yesterday = day_of(now) - timedelta(days=1)
    moves = moves_of_days(yesterday, yesterday)
    parts = said_of_jobs(jobs)
    if rejects:
        words = ngettext("%(count)s row waits to be mended", "%(count)s rows wait to be mended", rejects)
        parts.append(words % {"count": counted(min(rejects, COUNTED), COUNTED)})
    parts += said_of_requests(requests)
    action = Link(_("Mend the rows"), reverse("imports")) if rejects else None
    if jobs:
        action = Link(_("Look into the jobs"), reverse("jobs"))
    return Today(
        told(parts, _("Every job ended well, no row waits to be mended.")),
        (),
        (
            jobs_block(jobs),
            _imports_block(runs),
            moves_block(moves, yesterday),
            requests_block(requests),
        ),
        action or (page() if requests else None),
    )


def _imports_block(runs: list[ImportRun]) -> Block:
    lines = []
    for run in runs:
        said = {"added": formats.number(run.added), "updated": formats.number(run.updated)}
        why = _("%(added)s new, %(updated)s updated") % said
        tag = ngettext("%(count)s rejected", "%(count)s rejected", run.rejected) % {
            "count": formats.number(run.rejected)
        }
        bad = run.state in _BAD
        lines.append(
            Line(
                run.filename,
                reverse("import-run", args=[run.pk]),
                why,
                run.started_at,
                tag=_("Failed") if bad else tag if run.rejected else "",
                tone="bad" if bad else "warn",
            )
        )
    more = Link(_("All imports"), reverse("imports"))
    return Block(_("Files that came in last"), lines, more=more, empty=_("No file has come in yet."))


def moves_of_days(first: date, last: date) -> dict[tuple[str, str], int]:
    """How many members moved from one stage to another on these platform days. One query."""
    # Uses index: movecount_by_day
    found: dict[tuple[str, str], int] = {}
    for left, entered, members in MoveCount.objects.filter(day__gte=first, day__lte=last).values_list(
        "from_stage", "to_stage", "members"
    ):
        if entered and left != entered:
            found[left or "", entered] = found.get((left or "", entered), 0) + members
    return {move: members for move, members in found.items() if members > 0}


def moves_block(moves: dict[tuple[str, str], int], day: date) -> Block:
    """The moves of a day, the most frequent first."""
    rows = [
        [
            Cell(
                _("%(left)s → %(entered)s") % {"left": _words(left), "entered": _words(entered)}, number=False
            ),
            Cell(formats.number(members), _moves_address(day, left, entered)),
        ]
        for (left, entered), members in sorted(moves.items(), key=lambda move: -move[1])
    ]
    more = Link(_("Lifecycle"), reverse("lifecycle"))
    title = _("Changed stage yesterday")
    return Block(
        title, table=Table([_("Move"), _("Members")], rows), more=more, empty=_("Nobody changed stage.")
    )


def _words(stage: str) -> str:
    return str(Stage(stage).label) if stage else _("Not known before")


def _moves_address(day: date, left: str, entered: str) -> str:
    return f"{reverse('moves')}?month={day:%Y-%m}&from={left}&to={entered}"
