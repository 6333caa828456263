"""What the desk publishes to the apps below: its places in the administration, and their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.review.copy import exceptions
from campaigns.review.desk.lists import SOON
from campaigns.review.permissions import REVIEW_COPY
from crm.runtime.sql_files import sql_beside
from crm.staff.administration.sections import Section
from crm.staff.models import Staff
from crm.web.frame import administration, navigation
from crm.web.frame.administration import Page
from crm.web.frame.navigation import WORK, Place

REVIEW = Section(pgettext_lazy("section of the administration", "Review"), 1)
ARCHIVE = Section(_("Archive"), 3)
PAGES = (
    Page("review-queue", _("Copy to review"), REVIEW, 10, REVIEW_COPY, "waiting", True),
    Page("review-exceptions", _("Exceptions"), REVIEW, 20, REVIEW_COPY, "exceptions", True),
    Page("review-approved", _("Approved copy"), REVIEW, 30, REVIEW_COPY, "approved"),
    Page("review-ending", _("Ending soon"), REVIEW, 40, REVIEW_COPY, "ending"),
    Page("review-opinions", _("Opinions"), ARCHIVE, 10, REVIEW_COPY),
    Page("review-lapsed", _("Lapsed approvals"), ARCHIVE, 20, REVIEW_COPY),
)
_COUNTS = sql_beside(__file__)("counts")


def publish() -> None:
    """Called once, from campaigns.review.publish."""
    administration.register(*PAGES)
    navigation.register(Place("review-queue", _("Copy to review"), "x", REVIEW_COPY, WORK, 25))
    administration.register_counter("review", _counts)


def _counts(officer: Staff, now: datetime) -> Mapping[str, int]:
    """The numbers beside the places. One query, over the indexes of what is open."""
    if officer.role not in REVIEW_COPY.roles:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNTS, {"now": now, "soon": now + SOON, "kind": exceptions.KIND, "officer": officer.pk}
        )
        waiting, asked, approved, ending = cursor.fetchone()
    return {"waiting": waiting, "exceptions": asked, "approved": approved, "ending": ending}
