"""What points publish to the apps below."""

from __future__ import annotations

from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from crm.runtime import errors
from crm.runtime.background import schedule
from crm.runtime.background.schedule import Scheduled
from crm.staff import permissions
from crm.web.jobs import queues, statements
from crm.web.jobs import registry as jobs
from crm.web.jobs.registry import Job
from members.loyalty import configuration
from members.loyalty.permissions import ADJUST_POINTS, CONFIGURE_POINTS, SEE_LOYALTY_SETTINGS
from members.loyalty.points import nightly, requests, tasks
from members.loyalty.points.configuration import budget, earn_rules, rewards
from members.loyalty.points.earning import drain
from members.loyalty.points.fields import balances
from members.loyalty.points.fields.activities import ACTIVITIES
from members.loyalty.points.reports import verify
from members.loyalty.points.sentences.refusals import REFUSALS
from members.loyalty.points.sentences.settings import no_state, rewards_state, rules_state
from members.loyalty.points.sentences.verification import verification
from members.rules.catalogue import activities, fields

JOBS = (
    Job(
        drain.JOB,
        _("Earn points"),
        {
            "added": _("postings"),
            "points": _("points"),
            "taken": _("taken back"),
            "withheld": _("points withheld by a budget"),
        },
    ),
    Job(
        nightly.JOB,
        _("Settle points"),
        {
            "accounts": _("accounts"),
            "activated": _("points made available"),
            "lapsed": _("points expired"),
            "announced": _("notices"),
            "cohorts": _("cohorts"),
        },
    ),
    Job(
        verify.JOB,
        _("Verify points"),
        {"accounts": _("accounts"), "differing": _("mismatches"), "members": _("members")},
    ),
)
SCHEDULE = (
    Scheduled(drain.JOB, tasks.earn_points, crontab(), 55, _("Earn points")),
    Scheduled(nightly.JOB, tasks.settle_points, crontab(hour=0, minute=5), 6 * 3600, _("Settle points")),
    Scheduled(verify.JOB, tasks.verify_points, crontab(hour=4, minute=10), 6 * 3600, _("Verify points")),
)
SETTINGS = (
    configuration.Entry(
        "points-rules",
        _("Earn rules"),
        _("What members earn points for, how many, and until when they are valid."),
        "points-rules",
        30,
        SEE_LOYALTY_SETTINGS,
        rules_state,
        kinds=(earn_rules.KIND, budget.KIND),
        within=("points-rule", "points-budget"),
    ),
    configuration.Entry(
        "points-rewards",
        _("Rewards"),
        _("What points are redeemed for, at which price, and what is in stock."),
        "points-rewards",
        31,
        SEE_LOYALTY_SETTINGS,
        rewards_state,
        kinds=(rewards.KIND,),
        within=("points-reward",),
    ),
    configuration.Entry(
        "points-liability",
        _("Points liability"),
        _("What the points issued so far will cost, by month of earning."),
        "points-liability",
        32,
        SEE_LOYALTY_SETTINGS,
        no_state,
    ),
)
_WAITING = """
SELECT (SELECT count(*) FROM (SELECT FROM loyalty_earnmark WHERE since <= %(now)s LIMIT %(most)s) marked),
       (SELECT count(*) FROM (SELECT FROM loyalty_pointsaccount WHERE due_at <= %(now)s LIMIT %(most)s) due),
       (SELECT count(*) FROM loyalty_earntally WHERE stopped_at IS NOT NULL)
"""
QUEUE = queues.Queue(
    _WAITING,
    (
        queues.Count(_("changed members of earn rules")),
        queues.Count(_("points accounts due")),
        queues.Count(_("earn rules stopped by a budget")),
    ),
)


def publish() -> None:
    """Called once, from members.loyalty.publish."""
    errors.register(REFUSALS)
    permissions.register(CONFIGURE_POINTS, ADJUST_POINTS)
    requests.register()
    fields.register_sources(balances.ACCOUNT)
    fields.register(*balances.FIELDS)
    activities.register(*ACTIVITIES)
    jobs.register(*JOBS)
    schedule.register(*SCHEDULE)
    statements.register("points", verification)
    configuration.register(*SETTINGS)
    queues.register("points", QUEUE)
