"""The states of a risk assessment in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.profiles.questionnaires.validity import State

STATES: dict[State, Promise] = {
    State.NONE: _("Not assessed"),
    State.VALID: _("Valid"),
    State.EXPIRING: _("Expires within 30 days"),
    State.EXPIRED: _("Expired"),
    State.WITHDRAWN: _("Withdrawn"),
}
