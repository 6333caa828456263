"""What the stages publish to the apps below them."""

from __future__ import annotations

from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from crm.runtime import errors
from crm.runtime.background import schedule
from crm.runtime.background.schedule import Scheduled
from crm.runtime.queue import kinds
from crm.staff import permissions
from crm.web import palette
from crm.web.frame import navigation
from crm.web.frame.navigation import INSIGHTS, Place
from crm.web.jobs import queues, statements
from crm.web.jobs import registry as jobs
from crm.web.jobs.registry import Job
from members.lifecycle import tasks, timeline
from members.lifecycle.fields import activities as recorded
from members.lifecycle.fields import assets, stages
from members.lifecycle.pages import requests
from members.lifecycle.pages.failures import failed_members
from members.lifecycle.permissions import CHANGE_POLICY, RECORD_NEW_NORMAL, REVIEW_NEW_NORMALS, SEE_POLICY
from members.lifecycle.policy import trial
from members.lifecycle.recording import restage, verify
from members.lifecycle.recording.backlog import WAITING
from members.lifecycle.sentences import new_normal, policy
from members.lifecycle.sentences.verification import verification
from members.profiles.timeline import registry
from members.rules.catalogue import activities, fields
from members.rules.keeping import fact_times
from members.rules.keeping.fact_times import FactTime

JOBS = (
    Job(
        restage.JOB,
        _("Update stages"),
        {
            "members": _("members"),
            "transitions": _("transitions"),
            "superseded": _("superseded"),
            "batches": _("batches"),
            "waiting": _("remaining"),
            "differing": _("mismatches"),
            "failed": _("failed members"),
        },
    ),
    Job(
        verify.JOB,
        _("Verify stages"),
        {
            "members": _("members"),
            "waiting": _("remaining"),
            "differing": _("mismatches"),
            "failed": _("failed members"),
            "miscounts": _("wrong counts"),
            "sampled": _("histories verified"),
            "transitions_differing": _("wrong histories"),
            "bounds_differing": _("wrong bounds"),
        },
    ),
    Job(trial.JOB, _("Run policy impact previews")),
)
SCHEDULE = (
    Scheduled("restage members", tasks.restage_pending, crontab(), 55, _("Update stages")),
    Scheduled("verify the stages", tasks.verify, crontab(hour=3, minute=10), 6 * 3600, _("Verify stages")),
    Scheduled(
        "delete old policy trials",
        tasks.delete_old_trials,
        crontab(hour=4, minute=40),
        6 * 3600,
        _("Delete old policy previews"),
    ),
)

FACT_TIMES = (
    FactTime(
        table="lifecycle_standing",
        at=(
            "greatest(a.since, a.first_invested_at, a.last_trade_at, a.last_login_at, a.closing_at,"
            " a.complaint_at)"
        ),
        day="a.aum_on",
    ),
    FactTime(table="lifecycle_warning", at="coalesce(a.ended_at, a.raised_at)"),
)
QUEUE = queues.Queue(
    WAITING,
    (
        queues.Count(_("changed members")),
        queues.Count(_("members due")),
        queues.Count(_("failed members"), failed_members),
    ),
)


def publish() -> None:
    """Called once, from AppConfig.ready()."""
    errors.register(policy.REFUSALS)
    errors.register(new_normal.REFUSALS)
    permissions.register(SEE_POLICY, CHANGE_POLICY, RECORD_NEW_NORMAL, REVIEW_NEW_NORMALS)
    navigation.register(Place("policy", _("Policy"), "p", SEE_POLICY, INSIGHTS, 30))
    palette.register_commands(
        palette.Command(_("Propose a policy change"), "policy", CHANGE_POLICY, fragment="#change")
    )
    registry.register(*timeline.SOURCES)
    activities.register(*recorded.ACTIVITIES)
    fact_times.register(*FACT_TIMES)
    fields.register_sources(stages.STANDING)
    fields.register(*stages.FIELDS, *assets.FIELDS)
    jobs.register(*JOBS)
    schedule.register(*SCHEDULE)
    statements.register("verification", verification)
    requests.register()
    queues.register("restage", QUEUE)
    kinds.register(kinds.Kind(trial.KIND, _("policy previews"), trial.run_trials, trial.fail_trials))
