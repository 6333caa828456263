"""Four eyes: a change is proposed by one person and applied when a second one approves.

The room that owns a change registers its kind with the function that applies it. Approval and
application are one transaction; the database refuses the maker as checker, a second decision and
any alteration of what was proposed, whoever asks.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.functional import Promise

from crm.runtime.errors import CodedError
from crm.runtime.extension.labels import Label, Verbatim, untranslated
from crm.runtime.extension.links import missing
from crm.runtime.extension.registry import Registry
from crm.staff.models import Request, RequestState, Staff
from crm.staff.permissions import DECIDE_REQUEST, Action, NotAllowed, may, require, undeclared
from crm.staff.privacy.access_log import clean_reason

Apply = Callable[[Request, datetime], None]
Line = tuple[str | Promise, str, str]  # what changes, before, after, in the reader's words
Describe = Callable[[Request], Sequence[Line]]
Summarise = Callable[[Request], str]
RefusalText = Callable[[ValidationError], str]
Query = Callable[[Request], str]  # with ? and #, or empty
Prepare = Callable[[Sequence[Request]], None]


class RequestRefusal(StrEnum):
    """Why a request is not made or decided; crm.staff.sentences puts each into words."""

    ALREADY_PROPOSED = "already_proposed"
    MAKER_LOST_PERMISSION = "maker_lost_permission"
    NOT_THE_MAKER = "not_the_maker"
    NOT_FOUND = "request_not_found"
    OWN_REQUEST = "own_request"
    CLOSED = "request_closed"
    NOT_YET_MADE = "request_not_yet_made"  # the clock has been set back since


class CannotDecide(CodedError):
    """This person cannot decide the request now; `code` is a RequestRefusal."""


class AlreadyProposed(CodedError):
    """The same change is pending; `code` is a RequestRefusal."""


class BasisChanged(CodedError):
    """What the request was made on has changed, so its checker saw something else: raised by `apply`.

    `code` says what; its sentence is registered with crm.runtime.errors.
    """


class UnknownKind(ValueError):
    """No room has registered this kind of request."""


@dataclass(frozen=True)
class Kind:
    """A kind of request: what approval does, who may decide it, who may make it (None: any active staff).

    `label` names it on pages, `summarise` and `describe` put the request and its diff in words, `refusal`
    says why `apply` refused; `prepare` reads for many requests what `describe` needs; `page` names the
    address of what it changes, and `query` follows that address to show what this very request would do.
    """

    name: str
    apply: Apply
    deciders: Action
    makers: Action | None
    label: Label
    summarise: Summarise
    describe: Describe
    refusal: RefusalText
    page: str
    query: Query
    prepare: Prepare
    needs_opinion: bool  # whether who approves has to say why

    def __str__(self) -> str:
        return f"{self.label} ({self.apply.__module__})"


def _judge(kind: Kind) -> Iterator[str]:
    yield from undeclared(kind.deciders)
    yield from undeclared(kind.makers)
    yield from missing(*filter(None, [kind.page]))
    yield from untranslated(kind.label)


_kinds: Registry[Kind] = Registry("request kind", _judge)


def _as_stored(request: Request) -> list[Line]:
    return [(name, str(before), str(after)) for name, (before, after) in request.diff.items()]


def _stored_summary(request: Request) -> str:
    return request.summary


def _own_messages(error: ValidationError) -> str:
    return " ".join(error.messages)


def _whole_page(request: Request) -> str:
    return ""


def _nothing(requests: Sequence[Request]) -> None:
    """What is stored says it all."""


def register(
    kind: str,
    apply: Apply,
    deciders: Action = DECIDE_REQUEST,
    *,
    makers: Action | None = None,
    label: Label | None = None,
    summarise: Summarise = _stored_summary,
    describe: Describe = _as_stored,
    refusal: RefusalText = _own_messages,
    page: str = "",
    query: Query = _whole_page,
    prepare: Prepare = _nothing,
    needs_opinion: bool = False,
) -> None:
    """Publish a kind (from AppConfig.ready). `apply` runs inside the transaction of the approval.

    Raises RegisteredTwice.
    """
    words = label or Verbatim(kind)
    told = (words, summarise, describe, refusal, page, query, prepare)
    _kinds.add(kind, Kind(kind, apply, deciders, makers, *told, needs_opinion))


def kind_of(name: str) -> Kind:
    """Raises UnknownKind."""
    if name not in _kinds:
        raise UnknownKind(f"no such kind of request: {name!r}")
    return _kinds[name]


def kinds() -> list[Kind]:
    """Every kind of request."""
    return list(_kinds.values())


def summary_of(request: Request) -> str:
    """The request in a few words, in the reader's language where its kind is known."""
    return _kinds[request.kind].summarise(request) if request.kind in _kinds else request.summary


def decidable_by(staff: Staff) -> list[str]:
    """The kinds that this person may decide."""
    return [kind.name for kind in _kinds.values() if may(staff, kind.deciders)]


def propose(
    *,
    kind: str,
    proposal: dict[str, Any],
    diff: dict[str, Any],
    summary: str,
    reason: str,
    maker: Staff,
    now: datetime,
    ttl: timedelta = timedelta(days=7),
    content: dict[str, Any] | None = None,
) -> Request:
    """Ask for a change. `diff` is for the checker's eyes: {field: [before, after]}; `summary` is kept in
    English, pages show the kind's own (summary_of).

    `content` is what the change comes to, where the proposal holds more than that (the trial it was made
    from): while a request is pending nobody can make another one of the same kind and content.
    Raises UnknownKind, NotAllowed, ReasonMissing, AlreadyProposed, and ValueError when `ttl` is not positive.
    """
    makers = kind_of(kind).makers
    if makers is not None:
        require(maker, makers)
    elif not maker.is_active:
        raise NotAllowed(f"propose {kind}: the account is closed")
    if ttl <= timedelta():
        raise ValueError("a request has to last for some time")
    key = _content_key(proposal if content is None else content)
    expire_due(now)  # what nobody decided in time stands in nobody's way
    try:
        with transaction.atomic():
            return Request.objects.create(
                kind=kind,
                content_key=key,
                proposal=proposal,
                diff=diff,
                summary=summary,
                reason=clean_reason(reason),
                maker=maker,
                made_at=now,
                expires_at=now + ttl,
            )
    except IntegrityError as error:
        if "request_pending_once" not in str(error):
            raise
        raise AlreadyProposed(RequestRefusal.ALREADY_PROPOSED) from error


def _content_key(content: dict[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, cls=DjangoJSONEncoder)
    return hashlib.sha256(text.encode()).hexdigest()


def approve(*, request_id: int, checker: Staff, opinion: str, now: datetime) -> Request:
    """Decide for the change and apply it, or neither. Raises NotAllowed, CannotDecide, what apply raises, and
    ReasonMissing where the kind needs an opinion.

    The maker must still have the right to propose it: who lost role or account changes nothing any more.
    Where `apply` finds that the basis of the request has changed, the request is returned to its maker with
    that reason, and BasisChanged is raised.
    """
    try:
        return _approve(request_id, checker, opinion, now)
    except BasisChanged as error:
        _decide(RequestState.RETURNED, request_id, checker, error.code, now)
        raise


def _approve(request_id: int, checker: Staff, opinion: str, now: datetime) -> Request:
    with transaction.atomic():
        request = _decide(RequestState.APPROVED, request_id, checker, opinion.strip(), now)
        kind = kind_of(request.kind)
        if kind.needs_opinion:
            clean_reason(opinion)
        maker = Staff.objects.select_for_update(no_key=True).get(pk=request.maker_id)
        if not (may(maker, kind.makers) if kind.makers else maker.is_active):
            raise CannotDecide(RequestRefusal.MAKER_LOST_PERMISSION)
        kind.apply(request, now)
    return request


def reject(*, request_id: int, checker: Staff, opinion: str, now: datetime) -> Request:
    """Decide against it; the opinion tells the maker why. Raises NotAllowed, CannotDecide, ReasonMissing."""
    return _decide(RequestState.REJECTED, request_id, checker, clean_reason(opinion), now)


def withdraw(*, request_id: int, maker: Staff, now: datetime) -> Request:
    """The maker takes the request back, never before it was made. Raises CannotDecide."""
    mine = Request.objects.filter(pk=request_id, maker=maker, state=RequestState.PENDING)
    if not mine.update(state=RequestState.WITHDRAWN, decided_at=Greatest(F("made_at"), now)):
        raise CannotDecide(RequestRefusal.NOT_THE_MAKER)
    return Request.objects.get(pk=request_id)


def expire_due(now: datetime) -> int:
    """Close what nobody decided in time; returns how many. A late run harms nothing: approve looks too."""
    due = Request.objects.filter(state=RequestState.PENDING, expires_at__lte=now)
    return due.update(state=RequestState.EXPIRED, decided_at=now)


def _decide(state: RequestState, request_id: int, checker: Staff, opinion: str, now: datetime) -> Request:
    """Compare-and-set: of two checkers at once the second finds it decided."""
    request = Request.objects.filter(pk=request_id).first()
    if request is None:
        raise CannotDecide(RequestRefusal.NOT_FOUND)
    require(checker, kind_of(request.kind).deciders)
    if request.maker_id == checker.pk:
        raise CannotDecide(RequestRefusal.OWN_REQUEST)
    if request.made_at > now:
        raise CannotDecide(RequestRefusal.NOT_YET_MADE)
    waiting = Request.objects.filter(pk=request_id, state=RequestState.PENDING, expires_at__gt=now)
    if not waiting.update(state=state, checker=checker, decided_at=now, opinion=opinion[:500]):
        raise CannotDecide(RequestRefusal.CLOSED)
    request.refresh_from_db()
    return request
