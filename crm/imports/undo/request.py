"""Undoing an import as a four-eyes request: proposed with its effect, a worker's once approved."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.functional import Promise

from crm.imports.models import ImportRun, ImportUndo
from crm.imports.permissions import IMPORT
from crm.imports.undo import sentences
from crm.imports.undo.survey import UNDO_FOR, Refusal, Survey, survey, why_not
from crm.imports.undo.work import KIND as WORK
from crm.runtime.errors import CodedError
from crm.runtime.queue.enqueue import enqueue
from crm.staff.four_eyes import requests
from crm.staff.models import Request, Staff
from crm.staff.permissions import DECIDE_REQUEST

KIND = "imports.undo"


class UndoRefused(CodedError):
    """The import cannot be undone; `code` is a Refusal."""


def register() -> None:
    """Publish the kind (from AppConfig.ready)."""
    requests.register(
        KIND,
        apply,
        DECIDE_REQUEST,
        makers=IMPORT,
        label=sentences.REQUEST_KIND,
        summarise=sentences.summary,
        describe=describe,
        needs_opinion=True,
        page="import-undo",
        query=lambda request: f"?run={request.proposal['run']}",
    )


def propose(run: ImportRun, *, reason: str, maker: Staff, now: datetime) -> Request:
    """Ask for an import to be undone as it stands now.

    Raises UndoRefused, and what requests.propose raises.
    """
    if refusal := why_not(run, now):
        raise UndoRefused(refusal)
    found = survey(run)
    if not found.restores and not found.removes:
        raise UndoRefused(Refusal.NOTHING)
    left = run.started_at + UNDO_FOR - now
    return requests.propose(
        kind=KIND,
        content={"run": run.pk},
        proposal={"run": run.pk, "kind": run.kind, "started_at": run.started_at.isoformat()},
        diff={"counts": [None, found.as_json()]},
        summary=f"Undo import {run.pk}",
        reason=reason,
        maker=maker,
        now=now,
        ttl=min(timedelta(days=7), left),
    )


def apply(request: Request, now: datetime) -> None:
    """Hand the import to a worker. Raises BasisChanged where it would do something else than was shown."""
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(pk=request.proposal["run"])
        if refusal := why_not(run, now):
            raise requests.BasisChanged(refusal)
        if survey(run) != Survey.from_json(request.diff["counts"][1]):
            raise requests.BasisChanged(Refusal.CHANGED)
        item = enqueue(WORK, key=f"undo {run.pk}")
        failed = ImportUndo.objects.filter(run=run).first()  # goes on where it ended
        done = {"restored": failed.restored, "removed": failed.removed} if failed else {}
        ImportUndo.objects.filter(run=run).delete()
        ImportUndo.objects.create(run=run, request_id=request.pk, approved_at=now, item=item, **done)


def describe(request: Request) -> list[tuple[str | Promise, str, str]]:
    """What the undo would do, for the checker."""
    return sentences.survey_lines(Survey.from_json(request.diff["counts"][1]))
