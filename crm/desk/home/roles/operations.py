"""Home of operations: files that came in, rows to mend, jobs that failed, members who moved."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import IntegerField, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.desk.home.blocks import Block, Cell, Line, Link, Table, Today, counted, told
from crm.desk.home.jobs import broken_jobs, jobs_block, said_of_jobs
from crm.desk.home.requests import page, requests_block, said_of_requests, waiting
from crm.imports.models import ImportOutcome, ImportRun, Reject
from crm.imports.pages.messages import run_sentence
from crm.runtime.clock import day_of
from crm.runtime.models import QueueState
from crm.staff.models import Staff
from crm.web import formats
from members.lifecycle.models import Stage, TransitionCount

SHOWN, COUNTED = 6, 1_000
_BAD = frozenset({ImportOutcome.FAILED, ImportOutcome.LOST})
Run = Any  # an ImportRun that knows how many of its rows still wait, as `left`


class _Counted(Subquery):
    """The number of rows of a query."""

    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


# Uses index: reject_waiting_by_line
_LEFT = _Counted(Reject.objects.filter(run=OuterRef("pk"), resolved_at=None).values("line")[: COUNTED + 1])


def today(staff: Staff, now: datetime) -> Today:
    """Five queries."""
    latest = ImportRun.objects.filter(dry_run=False).select_related("item").order_by("-started_at")
    runs: list[Run] = list(latest.annotate(left=_LEFT)[:SHOWN])
    rejects = Reject.objects.filter(resolved_at=None)[: COUNTED + 1].count()
    jobs, requests = broken_jobs(), waiting(staff, now)
    yesterday = day_of(now) - timedelta(days=1)
    moves = moves_of_days(yesterday, yesterday)
    parts = said_of_requests(requests) + said_of_jobs(jobs) + _said_of_imports(runs)
    if rejects:
        words = ngettext("%(count)s rejected row to fix", "%(count)s rejected rows to fix", rejects)
        parts.append(words % {"count": counted(min(rejects, COUNTED), COUNTED)})
    action = Link(_("Fix rejected rows"), reverse("imports")) if rejects else None
    if none := [run for run in runs if _in_vain(run)]:
        action = Link(_("View reasons"), reverse("import-run", args=[none[0].pk]))
    if jobs:
        action = Link(_("View failed jobs"), reverse("jobs"))
    return Today(
        told(parts, _("All jobs completed. No rejected rows to fix.")),
        (),
        (
            requests_block(requests),
            jobs_block(jobs),
            _imports_block(runs),
            moves_block(moves, yesterday),
        ),
        page() if requests else action,
    )


def _said_of_imports(runs: list[Run]) -> list[str]:
    """Files that are on their way, or of which nothing could be taken, in words."""
    parts = []
    if taken := [run for run in runs if run.is_open]:
        words = ngettext("%(count)s file is importing", "%(count)s files are importing", len(taken))
        parts.append(words % {"count": formats.number(len(taken))})
    if none := [run for run in runs if _in_vain(run)]:
        words = ngettext(
            "all rows of %(count)s file were rejected", "all rows of %(count)s files were rejected", len(none)
        )
        parts.append(words % {"count": formats.number(len(none))})
    return parts


def _in_vain(run: Run) -> bool:
    """Whether nothing of a file could be taken, and rows of it still wait."""
    return bool(run.outcome == ImportOutcome.DONE and run.took_none and run.left)


def _imports_block(runs: list[Run]) -> Block:
    lines = []
    for run in runs:
        tag, tone = _tag(run)
        address = reverse("import-run", args=[run.pk])
        lines.append(Line(run.filename, address, _became(run), run.started_at, tag=tag, tone=tone))
    more = Link(_("All imports"), reverse("imports"))
    return Block(_("Recent imports"), lines, more=more, empty=_("No imports yet."))


def _became(run: ImportRun) -> str:
    """What became of the rows; of a file that is not over, where it stands."""
    if run.is_open:
        return run_sentence(run)
    counts = {name: formats.number(getattr(run, name)) for name in ("added", "updated", "rejected")}
    if run.rejected:
        return _("%(added)s added, %(updated)s updated, %(rejected)s rejected") % counts
    return _("%(added)s added, %(updated)s updated") % counts


def _tag(run: Run) -> tuple[str, str]:
    """(words, tone) of the mark on a file that needs somebody or is not over; empty on others."""
    if run.outcome in _BAD:
        return _("Failed"), "bad"
    if run.is_open:
        return (_("Queued"), "") if run.state == QueueState.WAITING else (_("Running"), "warn")
    if not run.left:
        return "", ""
    words = _("%(count)s to fix") % {"count": counted(min(run.left, COUNTED), COUNTED)}
    return words, "bad" if _in_vain(run) else "warn"


def moves_of_days(first: date, last: date) -> dict[tuple[str, str], int]:
    """How many members moved from one stage to another on these platform days. One query."""
    # Uses index: transitioncount_by_day
    found: dict[tuple[str, str], int] = {}
    for left, entered, members in TransitionCount.objects.filter(day__gte=first, day__lte=last).values_list(
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
    title = _("Stage changes yesterday")
    return Block(
        title, table=Table([_("Stage change"), _("Members")], rows), more=more, empty=_("No stage changes.")
    )


def _words(stage: str) -> str:
    return str(Stage(stage).label) if stage else _("New")


def _moves_address(day: date, left: str, entered: str) -> str:
    return f"{reverse('moves')}?month={day:%Y-%m}&from={left}&to={entered}"
