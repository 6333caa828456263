"""The policy's values in the order people read and enter them, with labels and units."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Unit(StrEnum):
    """What a threshold is counted in; shares are fractions."""

    DAYS = "days"
    SHARE = "share"
    MONEY = "money"


@dataclass(frozen=True)
class Threshold:
    """One value of the policy; members.lifecycle.sentences.policy puts it into words."""

    field: str
    label: str | Promise
    unit: Unit


THRESHOLDS = (
    Threshold("stalled_days", _("Stalled: registered without investing for"), Unit.DAYS),
    Threshold("warn_idle_days", _("Warning: no login or trade for"), Unit.DAYS),
    Threshold("warn_term_days", _("Warning: a product's term excuses silence for at most"), Unit.DAYS),
    Threshold("warn_floor", _("Warning: minimum assets"), Unit.MONEY),
    Threshold("idle_days", _("Decline: no login or trade for"), Unit.DAYS),
    Threshold("dormant_days", _("Dormant: no login or trade for"), Unit.DAYS),
    Threshold("churned_days", _("Churned: account empty, no trade for"), Unit.DAYS),
    Threshold("fall_window_days", _("Asset fall: measurement period"), Unit.DAYS),
    Threshold("warn_fall_share", _("Warning: assets fell by"), Unit.SHARE),
    Threshold("fall_share", _("Decline: assets fell by"), Unit.SHARE),
    Threshold("fall_floor", _("Asset fall: minimum peak"), Unit.MONEY),
    Threshold("fall_recovery_share", _("Asset fall: recovered when this share is back"), Unit.SHARE),
    Threshold("fall_memory_days", _("Asset fall: remembered for"), Unit.DAYS),
    Threshold("payout_grace_days", _("Asset fall: money paid out at maturity counts as held for"), Unit.DAYS),
    Threshold("signal_days", _("Account closure request stays open for"), Unit.DAYS),
    Threshold("mature_aum", _("Maturity: minimum assets"), Unit.MONEY),
    Threshold("mature_days", _("Maturity: consecutive days at that level"), Unit.DAYS),
    Threshold("mature_tenure_days", _("Maturity: minimum time since registration"), Unit.DAYS),
    Threshold("empty_aum", _("Empty account: assets at or below"), Unit.MONEY),
)

BY_FIELD = {threshold.field: threshold for threshold in THRESHOLDS}

# The same values under the question each helps to answer.
GROUPS: tuple[tuple[str | Promise, tuple[str, ...]], ...] = (
    (_("Activation: when is a member stalled?"), ("stalled_days",)),
    (
        _("Decline: who is disengaging?"),
        (
            "idle_days",
            "dormant_days",
            "churned_days",
            "fall_share",
            "fall_window_days",
            "fall_floor",
            "fall_recovery_share",
            "fall_memory_days",
            "payout_grace_days",
        ),
    ),
    (
        _("Warning: who needs attention before that?"),
        ("warn_idle_days", "warn_term_days", "warn_fall_share", "warn_floor", "signal_days"),
    ),
    (_("Maturity: who is established?"), ("mature_aum", "mature_days", "mature_tenure_days")),
    (_("Accounts: what counts as empty?"), ("empty_aum",)),
)
