"""Names of stages and sub-states."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.lifecycle.models import Stage, SubState

NOT_STAGED = gettext_lazy("No stage yet")


def stage_name(stage: str | None, sub_state: str | None) -> str:
    """Stage and sub-state in one text; for None the member was not known then."""
    if stage is None:
        return _("no stage yet")
    name = str(Stage(stage).label)
    return f"{name} · {SubState(sub_state).label}" if sub_state else name
