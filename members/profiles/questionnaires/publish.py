"""What risk questionnaires publish to the apps below."""

from __future__ import annotations

from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from crm.runtime import errors
from crm.runtime.background import schedule
from crm.runtime.background.schedule import Scheduled
from crm.staff import permissions
from crm.staff.four_eyes import requests
from crm.staff.permissions import DECIDE_REQUEST
from crm.web.assets import styles
from crm.web.frame import navigation
from crm.web.frame.navigation import SYSTEM, Place
from crm.web.jobs import registry as jobs
from members.profiles.member_page import tabs
from members.profiles.permissions import (
    CHANGE_QUESTIONNAIRES,
    REQUEST_ASSESSMENT,
    SEE_QUESTIONNAIRES,
    WITHDRAW_ASSESSMENT,
)
from members.profiles.questionnaires import notices, tasks
from members.profiles.questionnaires.fields import FIELDS
from members.profiles.questionnaires.pages.member_tab import TAB
from members.profiles.questionnaires.sentences import requests as sentences
from members.profiles.questionnaires.sentences.refusals import REFUSALS
from members.profiles.questionnaires.timeline import SOURCE
from members.profiles.questionnaires.versions import change
from members.profiles.timeline import registry as timeline
from members.rules.catalogue import fields

SETTINGS = Place(
    "questionnaires",
    _("Risk questionnaire"),
    "u",
    SEE_QUESTIONNAIRES,
    SYSTEM,
    15,
    within=("questionnaire-change",),
)
ANNOUNCING = _("Announce ending risk assessments")


def publish() -> None:
    """Called once, from members.profiles.publish."""
    permissions.register(REQUEST_ASSESSMENT, WITHDRAW_ASSESSMENT, SEE_QUESTIONNAIRES, CHANGE_QUESTIONNAIRES)
    errors.register(REFUSALS)
    styles.register("profiles/questionnaires")
    requests.register(
        change.KIND,
        change.apply,
        DECIDE_REQUEST,
        makers=CHANGE_QUESTIONNAIRES,
        label=sentences.KIND,
        summarise=sentences.summary,
        describe=sentences.lines,
        needs_opinion=True,
        page="questionnaires",
    )
    navigation.register(SETTINGS)
    tabs.register(TAB)
    fields.register(*FIELDS)
    timeline.register(SOURCE)
    schedule.register(
        Scheduled(
            notices.JOB, tasks.announce_ending_assessments, crontab(hour=8, minute=20), 6 * 3600, ANNOUNCING
        )
    )
    jobs.register(jobs.Job(notices.JOB, ANNOUNCING, {"announced": _("announced")}))
