"""Why a member moved or a warning was raised, in a sentence, from the inputs kept with it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from crm.runtime.clock import day_of
from crm.web import formats
from members.lifecycle.evaluation.bits import RULES, names
from members.lifecycle.models import Stage, SubState, Transition, Warning, WarningKind


def _day(inputs: dict[str, Any], name: str) -> str:
    text = inputs.get(name)
    if not text:
        return formats.NOTHING
    return formats.day(date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text))


def _money(inputs: dict[str, Any], name: str) -> str:
    return formats.money(Decimal(inputs[name])) if inputs.get(name) is not None else formats.NOTHING


def why_moved(move: Transition) -> str:
    """The facts that brought a transition, as they were known when it was recorded."""
    inputs = move.inputs
    if move.to_stage == Stage.ACQUISITION:
        return _("First known on %(day)s") % {"day": _day(inputs, "known_at")}
    if move.to_stage == Stage.ACTIVATION:
        registered = {"day": _day(inputs, "registered_at")}
        if move.to_sub_state == SubState.STALLED:
            return _("Registered on %(day)s and has not invested") % registered
        return _("Registered on %(day)s") % registered
    if move.to_stage == Stage.DECLINE:
        return _why_declined(inputs)
    if move.to_stage == Stage.MATURITY:
        facts = {"aum": _money(inputs, "aum"), "day": _day(inputs, "steady_since")}
        return (
            _("Assets of %(aum)s, high since %(day)s") % facts
            if inputs.get("steady_since")
            else _assets(inputs)
        )
    if move.to_stage == Stage.GROWTH and move.from_stage in {None, Stage.ACQUISITION, Stage.ACTIVATION}:
        return _("First investment on %(day)s") % {"day": _day(inputs, "first_invested_at")}
    if move.won_back:
        facts = {"aum": _money(inputs, "aum"), "day": _day(inputs, "active_on")}
        return _("Won back: active on %(day)s, assets of %(aum)s") % facts
    return _assets(inputs)


def _assets(inputs: dict[str, Any]) -> str:
    return _("Assets of %(aum)s") % {"aum": _money(inputs, "aum")}


def _why_declined(inputs: dict[str, Any]) -> str:
    said = {
        "idle": _("no login and no trade since %(day)s") % {"day": _day(inputs, "active_on")},
        "aum_fall": _("assets fell from %(peak)s to %(aum)s")
        % {"peak": _money(inputs, "peak_aum"), "aum": _money(inputs, "aum")},
        "closing": _("asked to close the account on %(day)s") % {"day": _day(inputs, "closing_at")},
    }
    reasons = [said[name] for name in names(inputs.get("rules", 0), RULES)]
    return _sentence(reasons) if reasons else _assets(inputs)


def _sentence(parts: list[str]) -> str:
    text = _(", ").join(parts)
    return text[:1].upper() + text[1:]


def why_warned(warning: Warning, now: datetime | None = None, aum: Decimal | None = None) -> str:
    """The evidence that raised a churn warning, as it was that day.

    Of an open one with `now` and the assets now also how it has become since.
    """
    evidence = warning.evidence
    if warning.kind == WarningKind.IDLE:
        days = evidence.get("idle_days")
        if now is not None and evidence.get("active_on"):
            days = (day_of(now) - date.fromisoformat(evidence["active_on"])).days
        facts = {"days": formats.days(days), "day": _day(evidence, "active_on")}
        return _("No login and no trade for %(days)s, since %(day)s") % facts
    if warning.kind == WarningKind.AUM_FALL:
        if now is None or aum is None:
            return _("Assets down %(share)s within %(days)s: from %(peak)s to %(aum)s") % _fallen(evidence)
        words = _("On %(day)s down %(share)s within %(days)s, from %(peak)s to %(aum)s; now %(now)s")
        return words % {
            **_fallen(evidence),
            "day": formats.day(day_of(warning.raised_at)),
            "now": formats.money(aum),
        }
    said = []
    if evidence.get("closing_at"):
        said.append(_("asked to close the account on %(day)s") % {"day": _day(evidence, "closing_at")})
    if evidence.get("complaint_at"):
        said.append(_("complained on %(day)s") % {"day": _day(evidence, "complaint_at")})
    return _sentence(said)


def _fallen(evidence: dict[str, Any]) -> dict[str, str]:
    peak, left = Decimal(evidence.get("peak_aum", 0)), Decimal(evidence.get("aum", 0))
    return {
        "share": formats.share((peak - left) / peak) if peak else formats.NOTHING,
        "days": formats.days(evidence.get("window_days")),
        "peak": formats.money(peak),
        "aum": formats.money(left),
    }
