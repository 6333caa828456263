"""Members and staff for tests of pages: rows as the import and the stage engine leave them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpResponse
from django.test import Client
from django.utils.crypto import get_random_string

from crm.runtime.secrets.crypto import blind_index, encrypt
from crm.staff.accounts.sessions import SessionStore
from crm.staff.models import Request, Role, Staff, Team
from members.lifecycle.models import Policy, Standing, Transition
from members.profiles.models import Book, Identity, Member, SearchTerm

NOW = datetime(2026, 3, 16, 2, 0, tzinfo=UTC)  # Monday, 10 o'clock in Shanghai
_serial = count(1)


def staff_of(role: Role, team: Team | None = None, language: str = "en") -> Staff:
    number = next(_serial)
    return Staff.objects.create(
        username=f"{role}-{number}",
        display_name=f"{role} {number}",
        role=role,
        team=team,
        language=language,
        password="!",
    )


def approved_request(kind: str) -> Request:
    """A request that a second person approved."""
    request = Request.objects.create(
        kind=kind,
        content_key=f"{kind} {next(_serial)}",
        proposal={"values": {}, "effective_from": NOW.isoformat(), "moved": [], "members": 0},
        maker=staff_of(Role.OPERATIONS),
        reason="as agreed",
        made_at=NOW,
        expires_at=NOW + timedelta(days=7),
    )
    checker = staff_of(Role.COMPLIANCE)
    Request.objects.filter(pk=request.pk).update(state="approved", checker=checker, decided_at=NOW)
    return request


def approved_policy(version: int, **values) -> Policy:
    """A later version of the policy, as an approval leaves it."""
    request = approved_request("lifecycle.policy")
    return Policy.objects.create(version=version, request_id=request.pk, **values)


def browser_of(staff: Staff, **headers: str) -> Client:
    """A signed-in client; `htmx=True`-like headers go with each request instead."""
    client, key = Client(headers=headers), get_random_string(32)
    session = {
        SESSION_KEY: str(staff.pk),
        BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend",
        HASH_SESSION_KEY: staff.get_session_auth_hash(),
    }
    # As signing in leaves it, but in one statement of a dozen.
    SessionStore(key).create_model_instance(session).save(force_insert=True)
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    return client


def markup(answer: HttpResponse) -> str:
    """The HTML of an answer, however its template breaks the lines: nothing but one space where there is
    whitespace, and none within the edges of elements."""
    html = re.sub(r"\s+", " ", answer.content.decode()).strip()
    html = re.sub(r"(<[a-z][^>]*?) ?> ", r"\1>", html)
    return re.sub(r" (?=</|>)", "", html)


def member(
    name: str = "王小明", *, manager: Staff | None = None, mobile: str = "", number: str = "", **standing
) -> Member:
    """Somebody registered a year ago; `standing` overrides what the stage engine would have stored."""
    registered = standing.pop("registered_at", NOW - timedelta(days=365))
    terms = {name[start:] for start in range(len(name))}
    row = Member.objects.create(
        name=name,
        mobile=encrypt("mobile", mobile) if mobile else None,
        mobile_index=blind_index("mobile", mobile) if mobile else None,
        known_at=registered or NOW - timedelta(days=400),
        registered_at=registered,
        updated_at=NOW,
        search_text="".join(f"\n{term}" for term in sorted(terms)),
    )
    SearchTerm.objects.bulk_create(SearchTerm(member=row, term=term) for term in terms)
    if number:
        Identity.objects.create(kind="member", source="bank", value=number, member=row)
    if manager:
        Book.objects.create(member=row, staff=manager, started_at=NOW - timedelta(days=100))
    facts = {"stage": "growth", "policy_version": 1, "evaluated_at": NOW, "aum": Decimal(1000)} | standing
    assert Standing.objects.filter(member=row).update(**facts)  # the row comes with the member's
    return row


def move(
    row: Member, left: str | None, entered: str, at: datetime = NOW - timedelta(days=1), **fields
) -> Transition:
    fields = {"inputs": {"aum": "1000.00"}, "policy_version": 1, "recorded_at": NOW} | fields
    return Transition.objects.create(member=row, from_stage=left, to_stage=entered, effective_at=at, **fields)
