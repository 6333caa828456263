"""What badges and quests publish to the apps below."""

from __future__ import annotations

from collections.abc import Collection

from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from crm.runtime import errors
from crm.runtime.background import schedule
from crm.runtime.background.schedule import Scheduled
from crm.staff import permissions
from crm.staff.four_eyes import requests
from crm.staff.permissions import DECIDE_REQUEST
from crm.web.assets import styles
from crm.web.jobs import queues, statements
from crm.web.jobs import registry as jobs
from crm.web.jobs.registry import Job
from members.loyalty import configuration
from members.loyalty.incentives import configure, tasks, timeline
from members.loyalty.incentives import fields as own
from members.loyalty.incentives.keeping import keep, verify
from members.loyalty.incentives.keeping.backlog import WAITING
from members.loyalty.incentives.rewards import KEY_PREFIX
from members.loyalty.incentives.sentences import requests as words
from members.loyalty.incentives.sentences.refusals import REFUSALS
from members.loyalty.incentives.sentences.state import active_count
from members.loyalty.incentives.sentences.verification import verification
from members.loyalty.models import IncentiveVersion
from members.loyalty.permissions import CHANGE_INCENTIVES, SEE_LOYALTY_SETTINGS
from members.loyalty.points.sentences.entries import register_origin
from members.profiles.timeline import registry
from members.rules.catalogue import activities, fields
from members.rules.keeping import fact_times
from members.rules.keeping.fact_times import FactTime

JOBS = (
    Job(
        keep.JOB,
        _("Update badges and quests"),
        {
            "awards": _("badges awarded"),
            "starts": _("quests started"),
            "steps": _("steps completed"),
            "superseded": _("superseded"),
            "computed": _("rules calculated"),
            "given": _("rewards given"),
            "taken_back": _("rewards taken back"),
        },
    ),
    Job(
        verify.JOB,
        _("Verify badges and quests"),
        {
            "rules": _("rules"),
            "differing": _("mismatches"),
            "missing": _("missing members"),
            "extra": _("extra members"),
            "unrecorded": _("unrecorded"),
            "failed": _("failed rules"),
        },
    ),
)
SETTINGS = configuration.Entry(
    key="incentives",
    label=_("Badges and quests"),
    help=_("What members earn for learning and for the steps of a quest, and the stage it should lead to."),
    url="incentives",
    order=50,
    action=SEE_LOYALTY_SETTINGS,
    state=active_count,
    kinds=(configure.KIND,),
    within=("incentive", "incentive-new", "incentive-change"),
)
SCHEDULE = (
    Scheduled(keep.JOB, tasks.keep_incentives, crontab(), 55, _("Update badges and quests")),
    Scheduled(
        verify.JOB,
        tasks.verify_incentives,
        crontab(hour=3, minute=50),
        6 * 3600,
        _("Verify badges and quests"),
    ),
)
QUEUE = queues.Queue(
    WAITING,
    (
        queues.Count(_("changed members of badges and quests")),
        queues.Count(_("badge and quest members due")),
        queues.Count(_("badge and quest rules to calculate")),
        queues.Count(_("failed badge and quest rules")),
    ),
)


def publish() -> None:
    """Called once, from members.loyalty.publish."""
    register_origin(KEY_PREFIX, _names)
    errors.register(REFUSALS)
    permissions.register(CHANGE_INCENTIVES)
    styles.register("loyalty/incentives")
    configuration.register(SETTINGS)
    fields.register(own.BADGES, own.QUESTS_COMPLETED)
    activities.register(own.BADGE_EARNED)
    fact_times.register(FactTime(table="loyalty_questprogress", at="coalesce(a.completed_at, a.started_at)"))
    registry.register(*timeline.SOURCES)
    jobs.register(*JOBS)
    schedule.register(*SCHEDULE)
    statements.register("incentives", verification)
    queues.register("incentives", QUEUE)
    requests.register(
        configure.KIND,
        configure.apply,
        DECIDE_REQUEST,
        makers=CHANGE_INCENTIVES,
        label=words.REQUEST_KIND,
        summarise=words.request_summary,
        describe=words.request_lines,
        needs_opinion=True,
        page="incentives",
        query=lambda request: "#requests",
    )


def _names(versions: Collection[int]) -> dict[int, str]:
    found = IncentiveVersion.objects.filter(pk__in=versions)
    return {version.pk: version.local_name for version in found}
