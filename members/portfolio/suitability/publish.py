"""What suitability publishes to the apps below it."""

from __future__ import annotations

from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from crm.runtime import errors
from crm.runtime.background import schedule
from crm.runtime.background.schedule import Scheduled
from crm.staff import permissions
from crm.web.frame import navigation
from crm.web.frame.navigation import SYSTEM, Place
from crm.web.jobs import registry as jobs
from members.portfolio.permissions import (
    CHANGE_SUITABILITY,
    DECIDE_PURCHASES,
    SEE_RATINGS,
    VERIFY_STATUS,
)
from members.portfolio.suitability import requests, tasks
from members.portfolio.suitability.announce import JOB
from members.portfolio.suitability.sentences.refusals import REFUSALS

RATINGS = Place(
    "product-ratings",
    _("Product suitability"),
    "q",
    SEE_RATINGS,
    SYSTEM,
    25,
    within=("product-rating", "house-rule"),
)


def publish() -> None:
    """Called once, from members.portfolio.publish."""
    permissions.register(SEE_RATINGS, CHANGE_SUITABILITY, VERIFY_STATUS, DECIDE_PURCHASES)
    errors.register(REFUSALS)
    requests.register()
    navigation.register(RATINGS)
    jobs.register(jobs.Job(JOB, _("Announce product ratings"), {}))
    schedule.register(
        Scheduled(JOB, tasks.announce_ratings, crontab(minute=1), 3500, _("Announce product ratings"))
    )
