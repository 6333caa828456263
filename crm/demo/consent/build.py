"""Give the demonstration consents with their texts, contacts, opt-outs and requests about own data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import connection
from django.utils.translation import override

from crm.demo.consent.parameters import BEGAN, CAPS, QUIET, REASON, RIGHTS, TEXTS
from crm.runtime.clock import day_start
from crm.runtime.sql_files import sql_beside
from crm.staff.four_eyes import requests
from crm.staff.models import Role, Staff
from members.profiles.consent import lift, texts
from members.profiles.contact import change_policy
from members.profiles.models import Member, RightsKind, RightsState, Suppression
from members.profiles.rights import desk, erase

_sql = sql_beside(__file__)
_STEPS = ("consents", "withdrawals", "suppressions", "contacts", "preferences")
AGREED = "同意 / Agreed"


def build_consent(staff: Sequence[Staff], *, today: date, now: datetime) -> dict[str, int]:
    """All of it; returns numbers of what there is. In the language of the world."""
    who = {role: next(person for person in staff if person.role == role) for role in Role}
    with override("zh-hans"):
        _configure(who[Role.OPERATIONS], who[Role.COMPLIANCE], today)
        counts = _fill(who[Role.CUSTOMER_SERVICE], now)
        _ask(who[Role.CUSTOMER_SERVICE], now)
    return counts


def _configure(maker: Staff, checker: Staff, today: date) -> None:
    """Texts and a policy, as two people agreed on them when the platform began."""
    began = today - timedelta(days=BEGAN)
    at = day_start(began)
    asked = [
        texts.propose(
            purpose, text=text, text_en=english, effective_from=began, reason=REASON, maker=maker, now=at
        )
        for purpose, text, english in TEXTS
    ]
    asked.append(
        change_policy.propose(
            QUIET, CAPS, effective_from=began + timedelta(days=1), reason=REASON, maker=maker, now=at
        )
    )
    for one in asked:
        requests.approve(request_id=one.pk, checker=checker, opinion=AGREED, now=at)


def _fill(service: Staff, now: datetime) -> dict[str, int]:
    counts = {}
    with connection.cursor() as cursor:
        for step in _STEPS:
            cursor.execute(_sql(step), {"now": now, "service": service.pk})
            counts[step] = cursor.rowcount
    return counts


def _ask(service: Staff, now: datetime) -> None:
    """Requests of members, two of them answered; an erasure and a removal from the list wait for approval."""
    investors = (
        Member.objects.filter(registered_at__isnull=False, book_rows__isnull=False).order_by("pk").distinct()
    )
    for number, (member, (kind, days, words, answer)) in enumerate(zip(investors, RIGHTS, strict=False)):
        at = now - timedelta(days=days)
        asked = desk.receive(
            member_id=member.pk,
            kind=kind,
            words=words,
            verified="电话核验身份证后四位与预留手机号 / ID digits and mobile checked on the phone",
            received_at=at,
            key=f"demo {number}",
            staff=service,
            now=at,
        )
        if answer:
            desk.answer(
                member_id=member.pk, rights_id=asked.id, state=RightsState(answer[0]), words=answer[1],
                staff=service, now=at + timedelta(days=2),
            )  # fmt: skip
        if kind is RightsKind.ERASURE:
            erase.propose(member.pk, reason="会员书面申请删除 / Written request", maker=service, now=now)
    entry = Suppression.objects.order_by("pk").first()
    if entry is not None:
        lift.propose(entry.pk, reason="号码已换主 / The number has a new owner", maker=service, now=now)
