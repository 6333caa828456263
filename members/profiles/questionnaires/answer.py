"""A member answers the questionnaire in person, by the link that was sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db import IntegrityError, transaction

from crm.runtime.background import changes
from crm.runtime.clock import day_of
from crm.runtime.errors import CodedError
from members.profiles.models import Attempt, AttemptChannel, Member, Questionnaire, QuestionnaireLink
from members.profiles.operator_role import Feature, may_offer
from members.profiles.questionnaires.limits import next_day
from members.profiles.questionnaires.links import Token, read_token
from members.profiles.questionnaires.versions.score import score
from members.profiles.questionnaires.versions.stored import definition_of, in_force

ANSWERED = (
    "questionnaire.answered"  # in the change queue, with the attempt's id and the class before and after
)


class LinkState(StrEnum):
    """What a link opens."""

    OPEN = "open"
    ANSWERED = "answered"
    ENDED = "ended"  # expired, replaced by a later link, unknown, or nothing is offered any more
    LIMIT = "limit"  # the member has been assessed as often as is allowed


@dataclass(frozen=True)
class Opened:
    """A link as somebody opens it: `version` to answer while open, `attempt` once answered."""

    state: LinkState
    token: Token | None = None
    version: Questionnaire | None = None
    attempt: Attempt | None = None
    next_day: date | None = None
    language: str = ""  # of the member


class Refusal(StrEnum):
    """Why answers are not taken; members.profiles.questionnaires.sentences words each."""

    LINK_ENDED = "questionnaire_link_ended"
    VERSION_CHANGED = "questionnaire_version_changed"  # since the page was opened
    LIMIT_REACHED = "questionnaire_answered_too_often"


class AnswerRefused(CodedError):
    """Nothing was stored; `code` is a Refusal."""


def open_link(text: str, now: datetime) -> Opened:
    """What this link opens at an instant. At most five queries."""
    token = read_token(text)
    link = _link(token)
    if token is None or link is None or now >= link.expires_at:
        return Opened(LinkState.ENDED)
    language = Member.objects.values_list("language", flat=True).get(pk=token.member_id)
    attempt = (
        Attempt.objects.filter(member=token.member_id, id=token.id).select_related("questionnaire").first()
    )
    if attempt is not None:
        return Opened(LinkState.ANSWERED, token, attempt=attempt, language=language)
    is_last = not QuestionnaireLink.objects.filter(member=token.member_id, number__gt=link.number).exists()
    version = in_force(day_of(now)) if is_last and may_offer(Feature.RISK_QUESTIONNAIRE) else None
    if version is None:
        return Opened(LinkState.ENDED, language=language)
    allowed_on = next_day(token.member_id, day_of(now))
    if allowed_on > day_of(now):
        return Opened(LinkState.LIMIT, token, next_day=allowed_on, language=language)
    return Opened(LinkState.OPEN, token, version, language=language)


def answer(
    text: str,
    *,
    questionnaire_id: int,
    answers: Mapping[str, Sequence[str]],
    device: str,
    language: str,
    now: datetime,
) -> Attempt:
    """Store what the member behind a link answered to a version, and with it the member's class.

    The database computes score, class and end; a second call with the same link gives the first attempt.
    Raises AnswerRefused, and AnswersDoNotFit where a question is open.
    """
    opened = open_link(text, now)
    if opened.attempt is not None:
        return opened.attempt
    if opened.state is LinkState.LIMIT:
        raise AnswerRefused(Refusal.LIMIT_REACHED)
    if opened.version is None or opened.token is None:
        raise AnswerRefused(Refusal.LINK_ENDED)
    if opened.version.pk != questionnaire_id:
        raise AnswerRefused(Refusal.VERSION_CHANGED)
    score(definition_of(opened.version), answers)
    try:
        return _store(opened.token, opened.version, answers, device[:300], language[:12], now)
    except IntegrityError as error:
        return _after(error, opened.token)


def _store(
    token: Token,
    version: Questionnaire,
    answers: Mapping[str, Sequence[str]],
    device: str,
    language: str,
    now: datetime,
) -> Attempt:
    with transaction.atomic():
        member = Member.objects.select_for_update(no_key=True).get(pk=token.member_id)
        Attempt.objects.bulk_create(
            [
                Attempt(
                    member_id=token.member_id,
                    id=token.id,
                    questionnaire=version,
                    at=now,
                    answers={key: list(chosen) for key, chosen in answers.items()},
                    channel=AttemptChannel.LINK,
                    device=device,
                    language=language,
                    proof=token.proof,
                    # Given by the database:
                    number=0,
                    day=day_of(now),
                    score=0,
                    risk_class="C0",
                    ends_on=day_of(now),
                )
            ]
        )
        stored = Attempt.objects.select_related("questionnaire").get(member=token.member_id, id=token.id)
        payload = {"attempt": token.id, "class": stored.risk_class, "before": member.risk_class}
        changes.append(ANSWERED, member_id=token.member_id, payload=payload, at=now)
    return stored


_REFUSED = {
    "attempt_two_a_day": Refusal.LIMIT_REACHED,
    "attempt_eight_a_year": Refusal.LIMIT_REACHED,
    "attempt_in_time": Refusal.LINK_ENDED,
    "attempt_of_version_in_force": Refusal.VERSION_CHANGED,
}


def _after(error: IntegrityError, token: Token) -> Attempt:
    """What happened in the meantime: the same link was used, or the limit reached. Raises AnswerRefused."""
    first = (
        Attempt.objects.filter(member=token.member_id, id=token.id).select_related("questionnaire").first()
    )
    if first is not None:
        return first
    diagnosis = getattr(error.__cause__, "diag", None)
    code = _REFUSED.get(getattr(diagnosis, "constraint_name", None) or "")
    if code is None:
        raise error
    raise AnswerRefused(code) from error


def _link(token: Token | None) -> QuestionnaireLink | None:
    if token is None:
        return None
    return QuestionnaireLink.objects.filter(member=token.member_id, id=token.id).first()
