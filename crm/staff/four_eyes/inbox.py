"""Four-eyes requests as one person sees them: waiting for them, made by them, decided."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from crm.runtime.errors import CodedError, error_text
from crm.staff.four_eyes.requests import Line, UnknownKind, decidable_by, kind_of
from crm.staff.links import DECISION
from crm.staff.models import Request, RequestState, Staff
from crm.staff.permissions import may


@dataclass(frozen=True)
class ShownRequest:
    """A request with its changes in words, and what this reader may do with it.

    `title` says what is asked for, in the reader's language; `page` is the name of the address of what it
    changes (empty: none), `query` what follows it; `decision` is the address that a decision is sent to.
    """

    request: Request
    title: str | Promise
    lines: Sequence[Line]
    page: str
    waiting: bool
    may_decide: bool
    may_withdraw: bool
    query: str = ""
    decision: str = ""
    needs_opinion: bool = False  # to be approved

    @property
    def opinion(self) -> str:
        """What the checker said; of a returned request, why it was returned."""
        said = self.request.opinion
        if self.request.state != RequestState.RETURNED:
            return said
        with suppress(KeyError):  # of a kind that no room knows any more
            return error_text(CodedError(said))
        return said

    @property
    def has_run_out(self) -> bool:
        """Past its time, whether or not the clearing task has come by."""
        return self.request.state == RequestState.EXPIRED or (
            self.request.state == RequestState.PENDING and not self.waiting
        )


def waiting_for(staff: Staff, now: datetime) -> QuerySet[Request]:
    """What this person could decide now: of a kind theirs to decide, made by somebody else."""
    rows = Request.objects.filter(state=RequestState.PENDING, expires_at__gt=now)
    return _with_people(rows.filter(kind__in=decidable_by(staff)).exclude(maker=staff))


def made_by(staff: Staff) -> QuerySet[Request]:
    """What this person asked for, whatever became of it."""
    return _with_people(Request.objects.filter(maker=staff))


def decided(staff: Staff) -> QuerySet[Request]:
    """What is over, of the kinds this person may decide or of their own making."""
    rows = Request.objects.filter(decided_at__isnull=False)
    return _with_people(rows.filter(Q(kind__in=decidable_by(staff)) | Q(maker=staff)))


def visible(staff: Staff) -> QuerySet[Request]:
    """Every request this person may read."""
    return _with_people(Request.objects.filter(Q(kind__in=decidable_by(staff)) | Q(maker=staff)))


def shown_all(rows: Iterable[Request], staff: Staff, now: datetime) -> list[ShownRequest]:
    """The requests for this reader; as many queries for many as for one."""
    found = list(rows)
    for name in sorted({row.kind for row in found}):
        with suppress(UnknownKind):
            kind_of(name).prepare([row for row in found if row.kind == name])
    return [shown(row, staff, now) for row in found]


def shown(request: Request, staff: Staff, now: datetime) -> ShownRequest:
    """The request for this reader; one of a kind that no room knows any more can only be read."""
    waiting = request.state == RequestState.PENDING and request.expires_at > now
    mine = request.maker_id == staff.pk
    decision = DECISION.address(request.pk)
    try:
        kind = kind_of(request.kind)
    except UnknownKind:
        return ShownRequest(
            request, request.summary, (), "", waiting, False, waiting and mine, decision=decision
        )
    return ShownRequest(
        request=request,
        title=kind.summarise(request) or kind.label,
        lines=kind.describe(request),
        page=kind.page,
        waiting=waiting,
        may_decide=waiting and not mine and may(staff, kind.deciders),
        may_withdraw=waiting and mine,
        needs_opinion=kind.needs_opinion,
        query=kind.query(request),
        decision=decision,
    )


def _with_people(rows: QuerySet[Request]) -> QuerySet[Request]:
    return rows.select_related("maker", "checker")
