"""Explain a member's stage: what decided, on which facts, how far the others are, and what comes when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from crm.runtime.clock import day_of
from crm.web import formats
from members.lifecycle.evaluation.answer import Answer
from members.lifecycle.evaluation.bits import RULES, WARNINGS, names
from members.lifecycle.evaluation.evaluate_few import Seen
from members.lifecycle.forecast.distances import Distance, distances
from members.lifecycle.forecast.forecast import Course, course_of
from members.lifecycle.models import Policy, Stage, SubState


class UnknownMember(LookupError):
    """No member has this id."""


@dataclass(frozen=True)
class Input:
    """One fact that the decision rests on: its value, when it is from, and the policy's threshold for it."""

    name: str
    label: str
    value: str
    at: date | datetime | None = None
    threshold: str = ""


@dataclass(frozen=True)
class Explanation:
    """A stage at an instant, in the reader's language.

    `due_at` is the first instant at which anything of the answer changes under its policy. `due_words` say
    which stage or sub-state comes first if nothing new happens, `due_because` why; `after` is the (stage,
    sub-state) then and `after_at` the instant, both None where time alone brings none. `besides` tells
    what only changes reasons or warnings, `coming_words` of a policy that waits.
    """

    member_id: int
    at: datetime
    policy_version: int
    policy_from: datetime
    stage: str | None
    sub_state: str | None
    rules: list[str]
    warnings: list[str]
    decided_by: str
    inputs: list[Input]
    distances: list[Distance]
    due_at: datetime | None
    due_words: str
    due_because: str = ""
    after: tuple[str | None, str | None] | None = None
    after_at: datetime | None = None
    besides: tuple[str, ...] = ()
    coming_words: str = ""


def explain(member_id: int, now: datetime) -> Explanation:
    """Why this member is in this stage at this instant, from the facts themselves. Raises UnknownMember.

    One query, mostly a second one (members.lifecycle.forecast.forecast).
    """
    course = course_of(member_id, now)
    if course is None:
        raise UnknownMember(f"no member has the id {member_id}")
    answer, policy, move = course.now.answer, course.now.policy, course.move
    return Explanation(
        member_id=member_id,
        at=now,
        policy_version=policy.version,
        policy_from=policy.effective_from,
        stage=answer.stage,
        sub_state=answer.sub_state,
        rules=names(answer.rules, RULES),
        warnings=names(answer.warnings, WARNINGS),
        decided_by=_decided_by(answer, policy),
        inputs=_inputs(answer, policy),
        distances=distances(answer, policy),
        due_at=answer.due_at,
        due_words=_due_words(course),
        due_because=_because(move, policy) if move else "",
        after=move.place if move else None,
        after_at=move.answer.at if move else None,
        besides=_besides(course),
        coming_words=_coming(course),
    )


def stage_words(stage: str | None, sub_state: str | None) -> str:
    """Stage and sub-state as a reader says them."""
    if stage is None:
        return _("not known yet")
    words = str(Stage(stage).label)
    return f"{words} · {SubState(sub_state).label}" if sub_state else words


def idle_days(answer: Answer) -> int | None:
    """Days since the member last did something; None before the first investment."""
    return (answer.day - answer.active_on).days if answer.active_on else None


def _decided_by(answer: Answer, policy: Policy) -> str:
    if answer.stage is None:
        return _("Nobody knew this member then")
    if answer.stage == Stage.DECLINE:
        said = {
            "idle": _("no login and no trade for %(days)s"),
            "aum_fall": _("assets fell to %(aum)s from a peak of %(peak)s"),
            "closing": _("asked to close the account on %(day)s"),
        }
        facts = {
            "days": formats.days(idle_days(answer)),
            "aum": formats.money(answer.aum),
            "peak": formats.money(answer.peak_aum),
            "day": formats.day(answer.closing_at),
        }
        text = _("; ").join(said[rule] % facts for rule in names(answer.rules, RULES))
        return text[:1].upper() + text[1:]
    said = {
        Stage.ACQUISITION: _("Known, but not registered"),
        Stage.ACTIVATION: _("Registered, but has not invested"),
        Stage.MATURITY: _("Assets of at least %(limit)s on every one of the last %(days)s"),
        Stage.GROWTH: _("Has invested, shows no sign of leaving, and is not mature yet"),
    }
    facts = {"limit": formats.money(policy.mature_aum), "days": formats.days(policy.mature_days)}
    return said[Stage(answer.stage)] % facts


def _inputs(answer: Answer, policy: Policy) -> list[Input]:
    """The facts that there are, in the order people tell a life."""
    window = {"days": formats.days(policy.fall_window_days)}
    fall = _("fall of %(share)s") % {"share": formats.share(policy.fall_share)}
    mature = {"limit": formats.money(policy.mature_aum)}
    high_since = _("Assets of at least %(limit)s every day since") % mature
    limits = {
        "idle_days": formats.days(policy.idle_days),
        "peak_aum": fall,
        "aum": _("%(limit)s for maturity") % mature,
        "steady_since": _("%(days)s for maturity") % {"days": formats.days(policy.mature_days)},
        "tenure_days": _("%(days)s for maturity") % {"days": formats.days(policy.mature_tenure_days)},
    }
    told: list[tuple[str, str, str, date | datetime | None]] = [
        ("known_at", _("First known"), formats.day(answer.known_at), answer.known_at),
        ("registered_at", _("Registered"), formats.day(answer.registered_at), answer.registered_at),
        (
            "first_invested_at",
            _("First invested"),
            formats.day(answer.first_invested_at),
            answer.first_invested_at,
        ),
        ("aum", _("Assets"), formats.money(answer.aum), answer.aum_on),
        ("peak_aum", _("Peak of the last %(days)s") % window, formats.money(answer.peak_aum), answer.aum_on),
        ("idle_days", _("Days without login and trade"), formats.number(idle_days(answer)), answer.active_on),
        ("last_login_at", _("Last login"), formats.moment(answer.last_login_at), answer.last_login_at),
        ("last_trade_at", _("Last trade"), formats.moment(answer.last_trade_at), answer.last_trade_at),
        (
            "steady_since",
            high_since,
            *_steady(answer, policy),
        ),
        ("tenure_days", _("Registered for"), *_tenure(answer)),
        ("closing_at", _("Closing request"), formats.day(answer.closing_at), answer.closing_at),
        ("complaint_at", _("Complaint"), formats.day(answer.complaint_at), answer.complaint_at),
    ]
    return [
        Input(name, label, value, at if name != "peak_aum" else None, limits.get(name, ""))
        for name, label, value, at in told
        if at is not None
    ]


def _steady(answer: Answer, policy: Policy) -> tuple[str, date | None]:
    """Since when assets suffice for maturity without a break, and that day; where the run is longer than what
    the rules look at, that much is said.
    """
    if answer.aum < policy.mature_aum:
        return "", None
    if answer.steady_since:
        return formats.day(answer.steady_since), answer.steady_since
    window = max(policy.fall_window_days, policy.mature_days)
    first = answer.day - timedelta(days=window - 1)
    return _("%(day)s or earlier") % {"day": formats.day(first)}, first


def _tenure(answer: Answer) -> tuple[str, date | None]:
    """How long an investor is registered, and since when."""
    if answer.registered_at is None or answer.first_invested_at is None:
        return "", None
    registered = day_of(answer.registered_at)
    return formats.days(answer.day - registered), registered


def _due_words(course: Course) -> str:
    """The first change of stage or sub-state."""
    if course.move:
        words = _("If nothing new happens, becomes “%(stage)s” on %(day)s (in %(in)s).")
        return words % {"stage": stage_words(*course.move.place), **_when(course, course.move)}
    if course.minor:
        return _("Time alone does not change the stage.")
    return _("Time alone changes nothing.")


def _besides(course: Course) -> tuple[str, ...]:
    """What comes before that, or at all, without a change of stage."""
    said, before = [], course.now.answer
    for seen in course.minor:
        if seen.answer.warnings & ~before.warnings:
            words = _("If nothing new happens, a churn warning is raised on %(day)s (in %(in)s).")
        elif seen.answer.rules == before.rules:
            words = _("If nothing new happens, a churn warning ends on %(day)s (in %(in)s).")
        else:
            words = _("If nothing new happens, the reasons change on %(day)s (in %(in)s), the stage stays.")
        said.append(words % _when(course, seen))
        before = seen.answer
    return tuple(said)


def _when(course: Course, seen: Seen) -> dict[str, str]:
    at = seen.answer.at
    left = timedelta(days=(day_of(at) - course.now.answer.day).days)
    return {"day": formats.day(at), "in": formats.days(left)}


def _because(move: Seen, policy: Policy) -> str:
    """Why the stage changes; a policy that is not in force yet is named as a cause."""
    decided = _decided_by(move.answer, move.policy)
    if move.policy.version == policy.version:
        return decided
    said = {
        "version": move.policy.version,
        "day": formats.day(move.policy.effective_from),
        "decided": decided[:1].lower() + decided[1:],
    }
    return _("Policy v%(version)s is in force from %(day)s: %(decided)s") % said


def _coming(course: Course) -> str:
    if course.coming is None:
        return ""
    said = {
        "version": course.coming.version,
        "day": formats.day(course.coming.effective_from),
        "current": course.now.policy.version,
    }
    return _("Policy v%(version)s is in force from %(day)s; what follows holds under v%(current)s.") % said
