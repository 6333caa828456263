"""What stages and warnings put into the timeline of a member."""

from __future__ import annotations

import json
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.runtime.sql_files import sql_beside
from crm.staff.models import Staff
from crm.staff.privacy.mask_levels import masked_value
from members.lifecycle.models import Transition, Warning, WarningKind
from members.lifecycle.sentences.history import transition_reason, warning_reason
from members.lifecycle.sentences.stages import stage_name
from members.profiles.timeline.registry import Entry, Kind, Row, Source, no_id

_sql = sql_beside(__file__)


def _stage(row: Row, staff: Staff) -> Entry:
    move = Transition(**json.loads(row.detail or "{}"))
    before = f"{stage_name(move.from_stage, move.from_sub_state)} → " if move.from_stage else ""
    label = before + stage_name(move.to_stage, move.to_sub_state)
    return Entry(label, transition_reason(move), stage=move.to_stage or "")


def _warning(row: Row, staff: Staff) -> Entry:
    why = warning_reason(Warning(kind=row.kind, evidence=json.loads(row.detail or "{}")))
    return Entry(_("Warning: %(kind)s") % {"kind": WarningKind(row.kind).label}, why)


def _new_normal(row: Row, staff: Staff) -> Entry:
    return Entry(_("New normal recorded"), masked_value("text", row.detail or "", staff), row.amount)


STAGES = Kind("stage", gettext_lazy("Stage changes"), 50)
SOURCES = (
    Source(
        "stage",
        STAGES,
        partial(_sql, "timeline_stages"),
        _stage,
        outside_id=no_id,
    ),
    Source(
        "new_normal",
        STAGES,
        partial(_sql, "timeline_new_normals"),
        _new_normal,
        outside_id=no_id,
    ),
    Source(
        "warning",
        Kind("warning", gettext_lazy("Warnings"), 60),
        partial(_sql, "timeline_warnings"),
        _warning,
        outside_id=no_id,
    ),
)
