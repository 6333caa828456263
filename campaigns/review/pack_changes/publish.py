"""What changes of rule packs publish to the apps below."""

from __future__ import annotations

from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from campaigns.review.pack_changes import publish_version, rescan, sentences, tasks, trial
from campaigns.review.permissions import CHANGE_RULES, DECIDE_RULES, SEE_RULES
from crm.runtime import errors
from crm.runtime.background import schedule
from crm.runtime.background.schedule import Scheduled
from crm.runtime.queue import kinds
from crm.staff import permissions
from crm.staff.four_eyes import requests
from crm.web.frame import navigation
from crm.web.frame.navigation import SYSTEM, Place
from crm.web.jobs import registry as jobs

RULES = Place(
    "wording-rules",
    _("Wording rules"),
    "w",
    SEE_RULES,
    SYSTEM,
    35,
    within=("wording-rule", "wording-rule-new", "wording-draft", "wording-basis"),
)


def publish() -> None:
    """Called once, from campaigns.review.publish."""
    permissions.register(SEE_RULES, CHANGE_RULES, DECIDE_RULES)
    errors.register(sentences.REFUSALS)
    requests.register(
        publish_version.KIND,
        publish_version.apply,
        DECIDE_RULES,
        makers=CHANGE_RULES,
        label=sentences.KIND_LABEL,
        summarise=sentences.summary,
        describe=sentences.lines,
        needs_opinion=True,
        page="wording-rules",
        query=lambda request: f"?pack={request.proposal['name']}#request-{request.pk}",
    )
    kinds.register(kinds.Kind(trial.KIND, _("trials of rule packs"), trial.run_trials, trial.fail_trials))
    jobs.register(
        jobs.Job(trial.JOB, _("Try a rule pack on stored copy"), {}),
        jobs.Job(rescan.JOB, _("Check approved copy by a new rule pack"), {"lapsed": _("approvals lapsed")}),
    )
    schedule.register(
        Scheduled(
            rescan.JOB,
            tasks.rescan_copy,
            crontab(minute="*/5"),
            290,
            _("Check approved copy by a new rule pack"),
        )
    )
    navigation.register(RULES)
