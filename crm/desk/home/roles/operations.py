"""Home of operations: recent imports, rejected rows, failed jobs, stage changes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import IntegerField, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.desk.home.blocks import Block, Home, Item, Link, capped, to_sentence
from crm.desk.home.changes.transition_counts import transition_counts, transition_counts_block
from crm.desk.home.failed_jobs import describe_failed_jobs, failed_jobs, failed_jobs_block
from crm.desk.home.pending_requests import (
    describe_pending_requests,
    pending_requests,
    pending_requests_block,
    review_link,
)
from crm.imports.models import ImportOutcome, ImportRun, Reject
from crm.imports.pages.messages import run_sentence
from crm.runtime.clock import day_of
from crm.runtime.models import QueueState
from crm.staff.models import Staff
from crm.web import formats

SHOWN = 6  # imports
COUNTED = 1_000  # rejected rows at the most
_FAILED = frozenset({ImportOutcome.FAILED, ImportOutcome.LOST})
Run = Any  # an ImportRun annotated with the number of rows to fix, as `to_fix`


class _Counted(Subquery):
    """The number of rows of a query."""

    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


# Uses index: reject_waiting_by_line
_TO_FIX = _Counted(Reject.objects.filter(run=OuterRef("pk"), resolved_at=None).values("line")[: COUNTED + 1])


def home(staff: Staff, now: datetime) -> Home:
    """Five queries."""
    latest = ImportRun.objects.filter(dry_run=False).select_related("item").order_by("-started_at")
    runs: list[Run] = list(latest.annotate(to_fix=_TO_FIX)[:SHOWN])
    rejects = Reject.objects.filter(resolved_at=None)[: COUNTED + 1].count()
    jobs, requests = failed_jobs(), pending_requests(staff, now)
    yesterday = day_of(now) - timedelta(days=1)
    transitions = transition_counts(yesterday, yesterday)
    parts = describe_pending_requests(requests) + describe_failed_jobs(jobs) + _describe_imports(runs)
    if rejects:
        words = ngettext("%(count)s rejected row to fix", "%(count)s rejected rows to fix", rejects)
        parts.append(words % {"count": capped(min(rejects, COUNTED), COUNTED)})
    action = Link(_("Fix rejected rows"), reverse("imports")) if rejects else None
    if rejected := [run for run in runs if _all_rejected(run)]:
        action = Link(_("View reasons"), reverse("import-run", args=[rejected[0].pk]))
    if jobs:
        action = Link(_("View failed jobs"), reverse("jobs"))
    return Home(
        to_sentence(parts, _("All jobs completed. No rejected rows to fix.")),
        (),
        (
            pending_requests_block(requests),
            failed_jobs_block(jobs),
            _imports_block(runs),
            transition_counts_block(transitions, yesterday),
        ),
        review_link() if requests else action,
    )


def _describe_imports(runs: list[Run]) -> list[str]:
    """How many files are importing, and of how many all rows were rejected; empty for none."""
    parts = []
    if importing := [run for run in runs if run.is_open]:
        words = ngettext("%(count)s file is importing", "%(count)s files are importing", len(importing))
        parts.append(words % {"count": formats.number(len(importing))})
    if rejected := [run for run in runs if _all_rejected(run)]:
        words = ngettext(
            "all rows of %(count)s file were rejected",
            "all rows of %(count)s files were rejected",
            len(rejected),
        )
        parts.append(words % {"count": formats.number(len(rejected))})
    return parts


def _all_rejected(run: Run) -> bool:
    """Whether all rows of a file were rejected, and some are still to fix."""
    return bool(run.outcome == ImportOutcome.DONE and run.took_none and run.to_fix)


def _imports_block(runs: list[Run]) -> Block:
    lines = []
    for run in runs:
        tag, tone = _tag(run)
        address = reverse("import-run", args=[run.pk])
        lines.append(Item(run.filename, address, _result(run), run.started_at, tag=tag, tone=tone))
    more = Link(_("All imports"), reverse("imports"))
    return Block(_("Recent imports"), lines, more=more, empty=_("No imports yet."))


def _result(run: ImportRun) -> str:
    """The result of an import, or its progress."""
    if run.is_open:
        return run_sentence(run)
    counts = {name: formats.number(getattr(run, name)) for name in ("added", "updated", "rejected")}
    if run.rejected:
        return _("%(added)s added, %(updated)s updated, %(rejected)s rejected") % counts
    return _("%(added)s added, %(updated)s updated") % counts


def _tag(run: Run) -> tuple[str, str]:
    """(text, tone) of the tag of an import that needs attention or is not completed; else empty."""
    if run.outcome in _FAILED:
        return _("Failed"), "bad"
    if run.is_open:
        return (_("Queued"), "") if run.state == QueueState.WAITING else (_("Running"), "warn")
    if not run.to_fix:
        return "", ""
    words = _("%(count)s to fix") % {"count": capped(min(run.to_fix, COUNTED), COUNTED)}
    return words, "bad" if _all_rejected(run) else "warn"
