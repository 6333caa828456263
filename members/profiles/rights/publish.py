"""What the rights of members publish to the apps below, and the sections and records of this app."""

from __future__ import annotations

from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from crm.runtime import errors
from crm.runtime.background import schedule
from crm.runtime.background.schedule import Scheduled
from crm.staff.four_eyes import requests
from crm.staff.permissions import DECIDE_REQUEST
from crm.staff.privacy import access_log, export_log
from crm.web.frame import navigation
from crm.web.frame.navigation import WORK, Place
from members.profiles.member_page import tabs
from members.profiles.permissions import HANDLE_RIGHTS
from members.profiles.rights import erase, kept, own_data, sealed, tasks
from members.profiles.rights import sentences as words
from members.profiles.rights.kept import Kept
from members.profiles.rights.own_data import Section
from members.profiles.rights.pages import member_tab

ASSESSMENTS = Kept(
    "risk_assessments",
    _("Risk assessments"),
    _("Measures for investor suitability, art. 32 (to be confirmed by compliance)"),
    20,
    "SELECT max(assessed_on)::timestamptz FROM profiles_riskassessment WHERE member_id = %(member)s",
)
SECTIONS = (
    Section(
        "identities",
        _("Numbers in other systems"),
        "SELECT kind, source, value FROM profiles_identity WHERE member_id = %(member)s"
        " ORDER BY kind, source, value",
    ),
    Section(
        "risk_assessments",
        _("Risk assessments"),
        "SELECT assessed_on, risk_class, questionnaire_version FROM profiles_riskassessment"
        " WHERE member_id = %(member)s ORDER BY assessed_on",
    ),
    Section(
        "consents",
        _("Consents"),
        "SELECT at, purpose, channel, recipient, given, text_version, source, evidence FROM profiles_consent"
        " WHERE member_id = %(member)s ORDER BY at, id",
    ),
    Section(
        "contacts",
        _("Contacts"),
        "SELECT at, channel, kind, direction, words FROM profiles_contact"
        " WHERE member_id = %(member)s ORDER BY at, id",
    ),
    Section(
        "complaints",
        _("Complaints"),
        "SELECT received_at, words, answered_at, answer, closed_at, resolution FROM profiles_complaint"
        " WHERE member_id = %(member)s ORDER BY received_at, id",
    ),
    Section(
        "touches",
        _("Touchpoints"),
        "SELECT t.at, c.code AS channel, t.campaign FROM profiles_touch AS t"
        " JOIN profiles_channel AS c ON c.id = t.channel_id WHERE t.member_id = %(member)s"
        " ORDER BY t.at, t.id",
    ),
    Section(
        "events",
        _("Events"),
        "SELECT at, name, properties FROM profiles_event WHERE member_id = %(member)s ORDER BY at, id",
    ),
    Section(
        "requests",
        _("Requests about own data"),
        "SELECT received_at, kind, words, state, answered_at, answer FROM profiles_rightsrequest"
        " WHERE member_id = %(member)s ORDER BY received_at, id",
    ),
)

DESK = Place("rights", _("Data requests"), "d", HANDLE_RIGHTS, WORK, 50)
EMPTY_SEALED = Scheduled(
    "empty sealed data",
    tasks.empty_sealed_data,
    crontab(hour=4, minute=25),
    6 * 3600,
    _("Delete sealed data whose retention ended"),
)


def publish() -> None:
    """Called once, from members.profiles.publish."""
    errors.register(words.REFUSALS)
    navigation.register(DESK)
    tabs.register(member_tab.TAB)
    schedule.register(EMPTY_SEALED)
    kept.register(ASSESSMENTS)
    own_data.register(*SECTIONS)
    export_log.register({own_data.WHAT: _("Own data of a member")})
    access_log.register({sealed.FIELD: _("Data kept after an erasure")})
    requests.register(
        erase.KIND,
        erase.apply,
        DECIDE_REQUEST,
        makers=HANDLE_RIGHTS,
        label=words.ERASURE_KIND,
        summarise=words.erasure_summary,
        describe=words.erasure_lines,
        needs_opinion=True,
    )
