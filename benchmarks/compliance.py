"""What the pages of compliance and of copy list, by the demonstration's own builders, once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmarks import crowd
from campaigns.review.copy.check import pack_of
from campaigns.review.models import Copy, CopyLanguage, RulePack
from campaigns.review.pack_changes.draft import save_rule
from crm.demo.consent.build import build_consent
from crm.demo.copy.build import MAKERS, OFFICERS, create_copy
from crm.demo.delivery.send_messages import send_messages
from crm.demo.questionnaires.build import build_questionnaires
from crm.demo.staff import CAST
from crm.demo.suitability.build import build_suitability
from crm.runtime.clock import day_of
from crm.staff.four_eyes import requests
from crm.staff.models import Role, Staff, Team
from members.profiles.models import Consent, Member
from members.profiles.rights import erase

TODAY = day_of(crowd.NOW)
PACK = "cn"


def consent(staff: Mapping[str, Staff]) -> None:
    """Consents, contacts, questionnaires and what is checked of purchases; one member was erased."""
    if Consent.objects.exists():
        return
    everybody = list(staff.values())
    build_consent(everybody, today=TODAY, now=crowd.NOW)
    build_questionnaires(everybody, seed="bench", today=TODAY, now=crowd.NOW)
    build_suitability(everybody, today=TODAY, now=crowd.NOW)
    _erase_somebody(staff)


def copy(staff: Mapping[str, Staff]) -> None:
    """Copy at every point of its review, a draft of a rule, and messages with what was approved."""
    if Copy.objects.exists():
        return
    create_copy(_writers(), now=crowd.NOW)
    rule = RulePack.objects.filter(name=PACK).latest("pk").rules.filter(is_document=False).earliest("code")
    changed = {**rule.content, "severity": "warn"}
    save_rule(PACK, rule.code, changed, revision=0, staff=staff[Role.COMPLIANCE], now=crowd.NOW)
    send_messages(now=crowd.NOW)


def compile_packs() -> None:
    """As in a process that has answered before: rules are compiled once in each."""
    for language in CopyLanguage:
        pack_of(language, crowd.NOW)


def _erase_somebody(staff: Mapping[str, Staff]) -> None:
    """The newest investor who is in nobody's book."""
    there = Member.objects.filter(registered_at__isnull=False, book_rows__isnull=False)
    member = Member.objects.filter(registered_at__isnull=False).exclude(pk__in=there).latest("pk")
    asked = erase.propose(
        member.pk, reason="Written request", maker=staff[Role.CUSTOMER_SERVICE], now=crowd.NOW
    )
    requests.approve(request_id=asked.pk, checker=staff[Role.COMPLIANCE], opinion="Agreed", now=crowd.NOW)


def _writers() -> Sequence[Staff]:
    """Those of the demonstration who write copy and decide about it."""
    team = Team.objects.earliest("pk")
    return Staff.objects.bulk_create(
        Staff(
            username=one.username,
            display_name=one.name,
            role=one.role,
            team=team if one.team else None,
            password="!",  # noqa: S106  # nobody signs in with it
        )
        for one in CAST
        if one.username in MAKERS + OFFICERS
    )
