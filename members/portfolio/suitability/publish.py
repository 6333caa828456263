"""What suitability publishes to the apps below it."""

from __future__ import annotations

from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from crm.runtime import errors
from crm.runtime.background import schedule
from crm.runtime.background.schedule import Scheduled
from crm.staff import permissions
from crm.web.assets import styles
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
from members.profiles.rights import kept, own_data

RATINGS = Place(
    "product-ratings",
    _("Product suitability"),
    "q",
    SEE_RATINGS,
    SYSTEM,
    25,
    within=("product-rating", "house-rule"),
)
KEPT = kept.Kept(
    "suitability",
    _("Suitability decisions and confirmations"),
    _("Measures on Investor Suitability, art. 32 (to be confirmed by compliance); Securities Law, art. 137"),
    20,
    "SELECT greatest((SELECT max(at) FROM portfolio_purchasedecision WHERE member_id = %(member)s),"
    " (SELECT max(created_at) FROM portfolio_investorstatus WHERE member_id = %(member)s))",
)
OWN_DATA = (
    own_data.Section(
        "investor_statuses",
        _("Investor status"),
        "SELECT status, basis, verified_on, valid_until, ended_on FROM portfolio_investorstatus"
        " WHERE member_id = %(member)s ORDER BY verified_on, request_id",
    ),
    own_data.Section(
        "purchase_decisions",
        _("Purchase checks"),
        "SELECT d.at, p.code AS product, p.name, d.outcome, d.code AS rule, d.reasons, d.steps, d.amount"
        " FROM portfolio_purchasedecision AS d JOIN portfolio_product AS p ON p.id = d.product_id"
        " WHERE d.member_id = %(member)s ORDER BY d.at, d.id",
    ),
)


def publish() -> None:
    """Called once, from members.portfolio.publish."""
    permissions.register(SEE_RATINGS, CHANGE_SUITABILITY, VERIFY_STATUS, DECIDE_PURCHASES)
    errors.register(REFUSALS)
    requests.register()
    kept.register(KEPT)
    own_data.register(*OWN_DATA)
    navigation.register(RATINGS)
    styles.register("portfolio")
    jobs.register(jobs.Job(JOB, _("Announce product ratings"), {}))
    schedule.register(
        Scheduled(JOB, tasks.announce_ratings, crontab(minute=1), 3500, _("Announce product ratings"))
    )
