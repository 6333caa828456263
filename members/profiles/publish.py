"""What the records of members publish to the apps below them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.runtime import errors
from crm.staff import permissions
from crm.staff.administration import sections
from crm.staff.privacy import access_log
from members.profiles import sentences
from members.profiles.complaints.sentences import REFUSALS
from members.profiles.consent.publish import publish as publish_consent
from members.profiles.contact.publish import publish as publish_contact
from members.profiles.fields import activities as recorded
from members.profiles.fields import origin, person, relationship, risk
from members.profiles.imports import kinds
from members.profiles.member_view import REVEALABLE
from members.profiles.permissions import (
    ASSIGN_MEMBERS,
    CHANGE_CONTACT_POLICY,
    HANDLE_COMPLAINTS,
    HANDLE_RIGHTS,
    OPEN_SEALED,
    RECORD_CONSENT,
    SEARCH_PEOPLE,
    SEE_CONSENT,
    SEE_CONTACT_POLICY,
    SEE_MEMBERS,
    SUPPRESS,
    WITHDRAW_CONSENT,
)
from members.profiles.personal.field_labels import FIELD_LABELS, REVEAL_REASONS
from members.profiles.questionnaires.publish import publish as publish_questionnaires
from members.profiles.rights.publish import publish as publish_rights
from members.profiles.search.personal import NOT_STATED
from members.profiles.timeline import registry
from members.profiles.timeline.sources import SOURCES
from members.rules.catalogue import activities, fields
from members.rules.catalogue.fields import Source
from members.rules.keeping import fact_times
from members.rules.keeping.fact_times import FactTime

MEMBERS = Source("m", "profiles_member", "id")  # what every rule is asked of
FACT_TIMES = (
    FactTime(
        table="profiles_member",
        at="greatest(a.known_at, a.registered_at)",
        at_of_update="a.updated_at",
    ),
    FactTime(table="profiles_book", at="coalesce(a.ended_at, a.started_at)"),
    FactTime(table="profiles_complaint", at="coalesce(a.closed_at, a.received_at)"),
    FactTime(table="profiles_riskassessment", day="a.assessed_on"),
    FactTime(table="profiles_assessmentwithdrawal", at="a.at"),
)


def publish() -> None:
    """Called once, from AppConfig.ready()."""
    permissions.register(SEE_MEMBERS, SEARCH_PEOPLE, ASSIGN_MEMBERS, HANDLE_COMPLAINTS)
    permissions.register(SEE_CONSENT, RECORD_CONSENT, WITHDRAW_CONSENT, SUPPRESS)
    permissions.register(SEE_CONTACT_POLICY, CHANGE_CONTACT_POLICY, HANDLE_RIGHTS, OPEN_SEALED)
    errors.register(REFUSALS)
    sections.register(
        sections.Table("profiles_channel", _("Channels"), "campaign", sections.REFERENCE_DATA, 10)
    )
    registry.register(*SOURCES)
    fields.register_sources(MEMBERS)
    errors.register(sentences.ERRORS)
    access_log.register({name: label for name, label in FIELD_LABELS.items() if name in REVEALABLE})
    access_log.register_reasons({**REVEAL_REASONS, NOT_STATED: _("No purpose stated")})
    fields.register_sources(relationship.BOOK)
    activities.register(*recorded.ACTIVITIES)
    fact_times.register(*FACT_TIMES)
    fields.register(*person.FIELDS, *origin.FIELDS, *relationship.FIELDS, *risk.FIELDS)
    kinds.publish()
    publish_consent()
    publish_contact()
    publish_rights()
    publish_questionnaires()
