"""What tiers publish to the apps below."""

from __future__ import annotations

from datetime import datetime

from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from crm.runtime import errors
from crm.runtime.background import schedule
from crm.runtime.background.schedule import Scheduled
from crm.runtime.clock import day_of
from crm.runtime.queue import kinds
from crm.staff import permissions
from crm.staff.four_eyes import requests
from crm.staff.permissions import DECIDE_REQUEST
from crm.web.jobs import queues, statements
from crm.web.jobs import registry as jobs
from crm.web.jobs.registry import Job
from members.loyalty import configuration
from members.loyalty.models import TierPolicy
from members.loyalty.permissions import CHANGE_TIERS, OVERRIDE_TIER, SEE_LOYALTY_SETTINGS
from members.loyalty.tiers import fields as tier_fields
from members.loyalty.tiers import override, tasks, timeline
from members.loyalty.tiers.keeping import keep, verify
from members.loyalty.tiers.policy import propose
from members.loyalty.tiers.preview import trial
from members.loyalty.tiers.sentences import requests as words
from members.loyalty.tiers.sentences.refusals import REFUSALS
from members.loyalty.tiers.sentences.verification import verification
from members.profiles.timeline import registry as timelines
from members.rules.catalogue import fields

JOBS = (
    Job(
        keep.JOB,
        _("Update tiers"),
        {"members": _("members"), "added": _("tier changes"), "superseded": _("superseded")},
    ),
    Job(
        verify.JOB,
        _("Verify tiers"),
        {"members": _("members"), "replayed": _("histories verified"), "differing": _("mismatches")},
    ),
    Job(trial.JOB, _("Preview tier rules"), {"members": _("members"), "moved": _("affected members")}),
)
SCHEDULE = (
    Scheduled("keep tiers", tasks.keep_tiers, crontab(), 55, _("Update tiers")),
    Scheduled(
        "verify the tiers", tasks.verify_tiers, crontab(hour=3, minute=40), 6 * 3600, _("Verify tiers")
    ),
    Scheduled(
        "delete old tier previews",
        tasks.delete_old_previews,
        crontab(hour=4, minute=50),
        6 * 3600,
        _("Delete old tier previews"),
    ),
)
_WAITING = """
SELECT (SELECT count(*) FROM (
           SELECT FROM loyalty_tierdirty WHERE since_day <= %(today)s LIMIT %(most)s
       ) changed),
       (SELECT count(*) FROM (SELECT FROM loyalty_tierstanding WHERE due_on <= %(today)s LIMIT %(most)s) due)
"""
QUEUE = queues.Queue(
    _WAITING, (queues.Count(_("members with new data")), queues.Count(_("tier reviews due")))
)


def publish() -> None:
    """Called once, from members.loyalty.publish."""
    errors.register(REFUSALS)
    permissions.register(CHANGE_TIERS, OVERRIDE_TIER)
    timelines.register(*timeline.SOURCES)
    fields.register_sources(tier_fields.STANDING)
    fields.register(*tier_fields.FIELDS)
    jobs.register(*JOBS)
    schedule.register(*SCHEDULE)
    statements.register("tier verification", verification)
    queues.register("tiers", QUEUE)
    kinds.register(kinds.Kind(trial.KIND, _("tier previews"), trial.run_trials, trial.fail_trials))
    configuration.register(
        configuration.Entry(
            "tiers",
            words.POLICY_KIND,
            _("What each tier takes, when members are reviewed, and how tiers rise and fall"),
            "tier-rules",
            10,
            SEE_LOYALTY_SETTINGS,
            _state,
            kinds=(propose.KIND,),
        )
    )
    _register_requests()


def _state(now: datetime) -> str:
    found = TierPolicy.objects.filter(programme__is_main=True, effective_from__lte=day_of(now))
    return words.version_text(found.order_by("-version").first())


def _register_requests() -> None:
    requests.register(
        propose.KIND,
        propose.apply,
        DECIDE_REQUEST,
        makers=CHANGE_TIERS,
        label=words.POLICY_KIND,
        summarise=words.policy_summary,
        describe=words.policy_lines,
        refusal=words.policy_refusal,
        needs_opinion=True,
        page="tier-rules",
        query=lambda request: f"?trial={request.proposal['trial']}#impact",
    )
    requests.register(
        override.KIND,
        override.apply,
        DECIDE_REQUEST,
        makers=OVERRIDE_TIER,
        label=words.OVERRIDE_KIND,
        summarise=words.override_summary,
        describe=words.override_lines,
        needs_opinion=True,
    )
