"""Sessions kept in the database with the account they belong to (SESSION_ENGINE).

A cookie's session key is never stored, only its fingerprint: whoever reads the table, a backup or a log of
statements cannot sign in with what stands there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models.functions import Now

from crm.staff.models import Session


class SessionStore(DatabaseStore):
    """Django's store; its rows name the staff signed in, and the fingerprint in place of the key."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        standing = Session.objects.filter(expire_date__gt=Now())
        row = standing.filter(session_key=fingerprint(self.session_key or "")).first()
        if row is None:
            self._session_key = None
        return row

    def exists(self, session_key: str) -> bool:
        return super().exists(fingerprint(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = cast(Session, super().create_model_instance(data))
        row.session_key = fingerprint(row.session_key)
        row.staff_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        return row

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            Session.objects.filter(session_key=fingerprint(key)).delete()


def fingerprint(session_key: str) -> str:
    """SHA-256 of a session key, 64 hex digits: names a session on pages and in the log of sign-ins."""
    return hashlib.sha256(session_key.encode()).hexdigest()


def end(staff_id: int, *, but: str = "") -> int:
    """Sign the account out everywhere, but for the session with this key; returns how many ended."""
    return Session.objects.filter(staff=staff_id).exclude(session_key=fingerprint(but)).delete()[0]


def end_by_fingerprint(staff_id: int, prints: Iterable[str]) -> int:
    """End the account's sessions with these fingerprints; returns how many there were."""
    return Session.objects.filter(staff=staff_id, session_key__in=list(prints)).delete()[0]


def delete_expired(now: datetime) -> int:
    """Delete the sessions that have run out; returns how many."""
    return Session.objects.filter(expire_date__lt=now).delete()[0]
