"""What may be seen of what is sent, and by whom."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.staff.permissions import EVERYBODY, Action

SEE_OUTBOX = Action("see_outbox", _("View messages and verdicts"), EVERYBODY)
