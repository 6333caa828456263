"""Why a step of a complaint is refused, in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.profiles.complaints.handle import Refusal

REFUSALS: dict[str, Promise] = {
    Refusal.NO_WORDS: _("Enter what was said."),
    Refusal.IN_THE_FUTURE: _("A complaint cannot be received in the future."),
    Refusal.CHANGED: _("Someone else updated this complaint. Reload the page to see the changes."),
}
