"""What messages put into the timeline of a member."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.delivery.sentences.reasons import ended_text
from crm.runtime.sql_files import sql_beside
from crm.staff.models import Staff
from members.profiles.timeline.registry import Entry, Kind, Row, Source, no_id

_sql = sql_beside(__file__)
MESSAGES = Kind("message", gettext_lazy("Messages"), 58)


def _statement() -> str:
    return _sql("timeline")


def _entry(row: Row, staff: Staff) -> Entry:
    name, _separator, reason = (row.detail or "").partition("\n")
    if row.kind == "sent":
        return Entry(_("Message sent"), name)
    label = _("Message cancelled") if row.kind == "cancelled" else _("Message dropped")
    return Entry(label, f"{name}: {ended_text(reason, shows_age=False)}")


SOURCE = Source("message", MESSAGES, _statement, _entry, outside_id=no_id)
