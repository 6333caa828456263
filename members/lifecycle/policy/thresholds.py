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
    Threshold("warn_idle_days", _("Warning: no login and no trade for"), Unit.DAYS),
    Threshold("idle_days", _("Decline: no login and no trade for"), Unit.DAYS),
    Threshold("dormant_days", _("Dormant: no login and no trade for"), Unit.DAYS),
    Threshold("churned_days", _("Churned: no login and no trade for"), Unit.DAYS),
    Threshold("fall_window_days", _("Fall of assets: measured over"), Unit.DAYS),
    Threshold("warn_fall_share", _("Warning: assets fell by"), Unit.SHARE),
    Threshold("fall_share", _("Decline: assets fell by"), Unit.SHARE),
    Threshold("fall_floor", _("Fall of assets: from at least"), Unit.MONEY),
    Threshold("signal_days", _("A leaving signal stays open for"), Unit.DAYS),
    Threshold("mature_aum", _("Maturity: assets of at least"), Unit.MONEY),
    Threshold("mature_days", _("Maturity: on every day of the last"), Unit.DAYS),
    Threshold("mature_tenure_days", _("Maturity: registered for at least"), Unit.DAYS),
    Threshold("empty_aum", _("An account is empty at or below"), Unit.MONEY),
)

BY_FIELD = {threshold.field: threshold for threshold in THRESHOLDS}

# The same values under the question each helps to answer.
GROUPS: tuple[tuple[str | Promise, tuple[str, ...]], ...] = (
    (_("Activation: when does it stall?"), ("stalled_days",)),
    (
        _("Decline: who is fading?"),
        ("idle_days", "dormant_days", "churned_days", "fall_share", "fall_window_days", "fall_floor"),
    ),
    (_("Warning: who is watched before that?"), ("warn_idle_days", "warn_fall_share", "signal_days")),
    (_("Maturity: who is settled?"), ("mature_aum", "mature_days", "mature_tenure_days")),
    (_("Accounts: what counts as empty?"), ("empty_aum",)),
)
