"""Open complaints: to be answered first, then to be closed."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.desk.reasons.registry import Reason, Source
from crm.runtime.sql_files import sql_beside
from crm.staff.models import Staff
from crm.staff.privacy.mask_levels import masked_value
from crm.web import formats

_SQL = sql_beside(__file__)("complaints")


def _words(reason: Reason, staff: Staff, now: datetime) -> str:
    values = {"days": formats.days(now - reason.since)}
    if reason.detail["is_answered"]:
        text = _("Complaint open for %(days)s, answered, not closed") % values
    else:
        text = _("Complaint open for %(days)s, not answered") % values
    said = masked_value("text", reason.detail["words"], staff)
    return _("%(text)s: “%(said)s”") % {"text": text, "said": said} if said else text


COMPLAINTS = Source(
    "complaint",
    gettext_lazy("Complaint"),
    gettext_lazy("Open complaints: current assets. Not answered 100%, answered 60%."),
    lambda: _SQL,
    _words,
)
