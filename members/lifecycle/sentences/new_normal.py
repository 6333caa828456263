"""Why a new normal is refused, in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.lifecycle.new_normal import Refusal

REFUSALS: dict[str, Promise] = {
    Refusal.NO_REASON: _("Give a reason for the new normal."),
    Refusal.NO_FALL: _("Assets have not fallen, so there is nothing to reset."),
    Refusal.RECORDED: _("A new normal has just been recorded. The fall ends within a minute."),
}
