"""What tiers put into the timeline of a member."""

from __future__ import annotations

import json
from functools import partial

from django.utils.translation import get_language, gettext_lazy

from crm.runtime.sql_files import sql_beside
from crm.staff.models import Staff
from members.loyalty.tiers.sentences.history import change_reason
from members.profiles.timeline.registry import Entry, Kind, Row, Source, no_id

_sql = sql_beside(__file__)


def _change(row: Row, staff: Staff) -> Entry:
    told = json.loads(row.detail or "{}")
    english = (get_language() or "").startswith("en")

    def name(which: str) -> str:
        return str((english and told.get(f"{which}_en")) or told.get(which) or "")

    label = f"{name('from')} → {name('to')}" if told.get("from") else name("to")
    return Entry(label, change_reason(row.kind, told["inputs"], told["version"]))


SOURCES = (
    Source(
        "tier",
        Kind("tier", gettext_lazy("Tier changes"), 55),
        partial(_sql, "timeline_tiers"),
        _change,
        outside_id=no_id,
    ),
)
