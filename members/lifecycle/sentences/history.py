"""Why a stage changed or a warning was raised, in a sentence, from the inputs kept with the record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.runtime.clock import day_of
from crm.web import formats
from members.lifecycle.evaluation.bits import RULES, bit_names
from members.lifecycle.models import Stage, SubState, Transition, Warning, WarningKind
from members.lifecycle.sentences.params import capitalised

Inputs = Mapping[str, Any]  # as stored: dates and instants in ISO 8601, amounts as text

EVIDENCE: dict[str, str | Promise] = {
    "known_at": gettext_lazy("First contact"),
    "registered_at": gettext_lazy("Registered"),
    "first_invested_at": gettext_lazy("First investment"),
    "aum": gettext_lazy("Assets"),
    "aum_on": gettext_lazy("Assets as of"),
    "peak_aum": gettext_lazy("Peak"),
    "fallen_on": gettext_lazy("Assets fell on"),
    "normal_at": gettext_lazy("New normal recorded"),
    "steady_since": gettext_lazy("Assets above threshold since"),
    "active_on": gettext_lazy("Last active"),
    "last_login_at": gettext_lazy("Last login"),
    "last_trade_at": gettext_lazy("Last trade"),
    "closing_at": gettext_lazy("Account closure request"),
    "complaint_at": gettext_lazy("Complaint"),
}


def transition_reason(transition: Transition) -> str:
    """The facts that brought a transition, as they were known when it was recorded."""
    inputs, stage = transition.inputs, transition.to_stage
    if stage == Stage.ACQUISITION:
        return _("First contact on %(day)s") % {"day": _day(inputs, "known_at")}
    if stage == Stage.ACTIVATION:
        registered = {"day": _day(inputs, "registered_at")}
        if transition.to_sub_state == SubState.STALLED:
            return _("Registered on %(day)s, no investment yet") % registered
        return _("Registered on %(day)s") % registered
    if stage == Stage.DECLINE:
        return _decline_reason(inputs, transition.to_sub_state)
    if transition.settled:
        params = {"aum": _money(inputs, "aum"), "day": _day(inputs, "normal_at")}
        if inputs.get("normal_at"):
            return _("Settled: new normal recorded on %(day)s, assets of %(aum)s") % params
        return _("Settled without recovery, assets of %(aum)s") % params
    if stage == Stage.MATURITY and inputs.get("steady_since"):
        params = {"aum": _money(inputs, "aum"), "day": _day(inputs, "steady_since")}
        return _("Assets of %(aum)s, above the threshold since %(day)s") % params
    if stage == Stage.GROWTH and transition.from_stage in {None, Stage.ACQUISITION, Stage.ACTIVATION}:
        return _("First investment on %(day)s") % {"day": _day(inputs, "first_invested_at")}
    if stage == Stage.GROWTH and transition.won_back:
        params = {"aum": _money(inputs, "aum"), "day": _day(inputs, "active_on")}
        return _("Won back: active on %(day)s, assets of %(aum)s") % params
    return _assets(inputs)


def warning_reason(warning: Warning, now: datetime | None = None, aum: Decimal | None = None) -> str:
    """The evidence that raised a churn warning, as it was that day.

    For an open one, `now` and the present assets add how it has developed since.
    """
    evidence = warning.evidence
    if warning.kind == WarningKind.IDLE:
        days = evidence.get("idle_days")
        if now is not None and evidence.get("active_on"):
            days = (day_of(now) - date.fromisoformat(evidence["active_on"])).days
        params = {"days": formats.days(days), "day": _day(evidence, "active_on")}
        return _("No login or trade for %(days)s, since %(day)s") % params
    if warning.kind == WarningKind.AUM_FALL:
        if now is None or aum is None:
            return _("Assets down %(share)s in %(days)s, from %(peak)s to %(aum)s") % _fall(evidence)
        text = _("Down %(share)s in %(days)s on %(day)s, from %(peak)s to %(aum)s; now %(now)s")
        return text % {
            **_fall(evidence),
            "day": formats.day(day_of(warning.raised_at)),
            "now": formats.money(aum),
        }
    parts = []
    if evidence.get("closing_at"):
        parts.append(_("requested account closure on %(day)s") % {"day": _day(evidence, "closing_at")})
    if evidence.get("complaint_at"):
        parts.append(_("filed a complaint on %(day)s") % {"day": _day(evidence, "complaint_at")})
    return _sentence(parts)


def evidence_lines(inputs: Inputs) -> list[tuple[str | Promise, str]]:
    """The facts kept with a transition, as (label, value)."""
    return [(label, _value(name, inputs[name])) for name, label in EVIDENCE.items() if inputs.get(name)]


def _decline_reason(inputs: Inputs, sub_state: str | None) -> str:
    texts = {
        "idle": _("no login or trade since %(day)s") % {"day": _day(inputs, "active_on")},
        "aum_fall": _("assets fell from %(peak)s to %(aum)s")
        % {"peak": _money(inputs, "peak_aum"), "aum": _money(inputs, "aum")},
        "closing": _("requested account closure on %(day)s") % {"day": _day(inputs, "closing_at")},
    }
    if inputs.get("is_unspent"):
        texts["aum_fall"] = _("money paid out was not reinvested: assets fell from %(peak)s to %(aum)s") % {
            "peak": _money(inputs, "peak_aum"),
            "aum": _money(inputs, "aum"),
        }
    reasons = [texts[name] for name in bit_names(inputs.get("rules", 0), RULES)]
    if sub_state == SubState.DORMANT:
        reasons.append(_("still holds %(aum)s") % {"aum": _money(inputs, "aum")})
    elif sub_state == SubState.CHURNED:
        reasons.append(_("assets of %(aum)s left") % {"aum": _money(inputs, "aum")})
    return _sentence(reasons) if reasons else _assets(inputs)


def _assets(inputs: Inputs) -> str:
    return _("Assets of %(aum)s") % {"aum": _money(inputs, "aum")}


def _fall(evidence: Inputs) -> dict[str, str]:
    peak, left = Decimal(evidence.get("peak_aum", 0)), Decimal(evidence.get("aum", 0))
    return {
        "share": formats.share((peak - left) / peak) if peak else formats.NOTHING,
        "days": formats.days(evidence.get("window_days")),
        "peak": formats.money(peak),
        "aum": formats.money(left),
    }


def _sentence(parts: list[str]) -> str:
    return capitalised(_(", ").join(parts))


def _value(name: str, text: str) -> str:
    if name in {"aum", "peak_aum"}:
        return formats.money(Decimal(text))
    at = _instant_or_day(text)
    return formats.moment(at) if isinstance(at, datetime) else formats.day(at)


def _day(inputs: Inputs, name: str) -> str:
    text = inputs.get(name)
    return formats.day(_instant_or_day(text)) if text else formats.NOTHING


def _money(inputs: Inputs, name: str) -> str:
    return formats.money(Decimal(inputs[name])) if inputs.get(name) is not None else formats.NOTHING


def _instant_or_day(text: str) -> date | datetime:
    return date.fromisoformat(text) if len(text) == len("2026-01-01") else datetime.fromisoformat(text)
