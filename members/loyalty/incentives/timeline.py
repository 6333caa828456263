"""What badges and quests put into the timeline of a member."""

from __future__ import annotations

import json
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.runtime.sql_files import sql_beside
from crm.staff.models import Staff
from members.loyalty.incentives.sentences.requests import name_of
from members.loyalty.incentives.visibility import is_seen
from members.profiles.timeline.registry import Entry, Kind, Row, Source, no_id

_sql = sql_beside(__file__)
EARNED = Kind("incentive", gettext_lazy("Badges and quests"), 70)


def _badge(row: Row, staff: Staff) -> Entry:
    given = json.loads(row.detail or "{}")
    if not is_seen(given, staff):
        return Entry(_("Badge earned"))
    return Entry(_("Badge earned: %(name)s") % {"name": name_of(given)}, given["period"])


def _quest(row: Row, staff: Staff) -> Entry:
    given = json.loads(row.detail or "{}")
    if not is_seen(given, staff):
        return Entry(_("Quest completed"))
    return Entry(_("Quest completed: %(name)s") % {"name": name_of(given)})


SOURCES = (
    Source("badge", EARNED, partial(_sql, "timeline_badges"), _badge, outside_id=no_id),
    Source("quest", EARNED, partial(_sql, "timeline_quests"), _quest, outside_id=no_id),
)
