"""Guards ask for registered actions; `check --deploy`: a role that owns nothing, and a known proxy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps.config import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.db import DatabaseError, connection

from crm import environment
from crm.runtime.extension.links import pages
from crm.runtime.extension.registry import judge_at_start
from crm.staff.permissions import undeclared

_OWNS = """
SELECT
    EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = 'public' AND pg_has_role({role}, tableowner, 'USAGE')),
    (SELECT rolsuper FROM pg_roles WHERE rolname = {role})
"""


def owns_nothing(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """W001: the role in use could alter tables. W002: the role that signed in could take that right back.

    The embedded server is a trial on one machine, whose only sign-in is its owner's: W002 is left out.
    """
    try:
        acting = _owner("current_user")
        signed_in = _owner("session_user")
    except DatabaseError as error:
        return [Error(f"The database cannot be asked: {error}", id="staff.E001")]
    if acting:
        return [
            Warning(
                "The product connects to the database as a role that owns tables or is a superuser.",
                hint="Leave DATABASE_ROLE at perennial_app; use the owner for migrate only.",
                id="staff.W001",
            )
        ]
    if signed_in and environment.text("DATABASE_URL"):
        return [
            Warning(
                "The user in DATABASE_URL owns tables or is a superuser: SET ROLE NONE brings that back.",
                hint="Sign in as a mere member of perennial_app; use the owner for migrate only.",
                id="staff.W002",
            )
        ]
    return []


@judge_at_start
def guards_without_an_action() -> Iterator[str]:
    """One line for each page whose guard asks for an action that no app has registered."""
    for pattern in pages():
        for problem in undeclared(getattr(pattern.callback, "allowed_action", None)):
            yield f"page {pattern.name!r}: {problem}"


def knows_its_proxy(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """W003: with HTTPS=1 and no trusted proxy every request looks like plain HTTP and is redirected."""
    if not settings.SECURE_SSL_REDIRECT or settings.TRUSTED_PROXIES:
        return []
    return [
        Warning(
            "HTTPS is on and no proxy is trusted: behind one, every page redirects to itself for ever.",
            hint="Set TRUSTED_PROXIES to the proxy's address, such as 127.0.0.1 (docs/operations.md).",
            id="staff.W003",
        )
    ]


def _owner(role: str) -> bool:
    """Whether this role (an SQL expression of ours) owns a table, may act for an owner, or is a superuser."""
    with connection.cursor() as cursor:
        cursor.execute(_OWNS.format(role=role))
        return any(cursor.fetchone())
