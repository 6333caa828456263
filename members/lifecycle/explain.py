"""Explain a member's stage: what decided, on which facts, how far the others are, and what comes when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from crm.runtime.clock import day_of
from crm.web import formats
from members.lifecycle.answer import Answer
from members.lifecycle.bits import RULES, WARNINGS, names
from members.lifecycle.distances import Distance, distances
from members.lifecycle.models import Policy, Stage, SubState
from members.lifecycle.one import answers_of


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

    `due_words` say what comes if nothing new happens, `due_because` why; `after` is the (stage,
    sub-state) then, None where only reasons or warnings change or nothing ever does.
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


def explain(member_id: int, now: datetime) -> Explanation:
    """Why this member is in this stage at this instant, from the facts themselves. Raises UnknownMember.

    One query; a second one where the stored due instant is not (any more) the true one.
    """
    found = answers_of(member_id, [now], foresee=True)
    if not found:
        raise UnknownMember(f"no member has the id {member_id}")
    answer, policy = found[0]
    after, then = _after(answer, found[1:])
    moves = after is not None and (after.stage, after.sub_state) != (answer.stage, answer.sub_state)
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
        due_words=_due_words(answer, after),
        due_because=_decided_by(after, then or policy) if after and moves else "",
        after=(after.stage, after.sub_state) if after and moves else None,
    )


def _after(answer: Answer, foreseen: list[tuple[Answer, Policy]]) -> tuple[Answer | None, Policy | None]:
    """The answer at the instant it is due; read anew where another instant was foreseen."""
    if answer.due_at is None:
        return None, None
    if not foreseen or foreseen[0][0].at != answer.due_at:
        foreseen = answers_of(answer.member_id, [answer.due_at])
    return foreseen[0]


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
    limits = {"idle_days": formats.days(policy.idle_days), "peak_aum": fall}
    limits["steady_since"] = formats.days(policy.mature_days)
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
        ("steady_since", _("Assets high since"), formats.day(answer.steady_since), answer.steady_since),
        ("closing_at", _("Closing request"), formats.day(answer.closing_at), answer.closing_at),
        ("complaint_at", _("Complaint"), formats.day(answer.complaint_at), answer.complaint_at),
    ]
    return [
        Input(name, label, value, at if name != "peak_aum" else None, limits.get(name, ""))
        for name, label, value, at in told
        if at is not None
    ]


def _due_words(answer: Answer, after: Answer | None) -> str:
    if after is None or answer.due_at is None:
        return _("Time alone changes nothing.")
    facts = {
        "day": formats.day(answer.due_at),
        "stage": stage_words(after.stage, after.sub_state),
        "in": formats.days(timedelta(days=(day_of(answer.due_at) - answer.day).days)),
    }
    if (after.stage, after.sub_state) != (answer.stage, answer.sub_state):
        return _("If nothing new happens, becomes “%(stage)s” on %(day)s (in %(in)s).") % facts
    if after.warnings & ~answer.warnings:
        return _("If nothing new happens, a churn warning is raised on %(day)s (in %(in)s).") % facts
    return _("If nothing new happens, the reasons change on %(day)s (in %(in)s), the stage stays.") % facts
