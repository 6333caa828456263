"""Sessions kept in the database with the account they belong to (SESSION_ENGINE)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from crm.staff.models import Session


class SessionStore(DatabaseStore):
    """Django's store, its rows naming the staff signed in."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = cast(Session, super().create_model_instance(data))
        row.staff_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        return row


def print_of(session_key: str) -> str:
    """A session's fingerprint: names it on pages and in the log of sign-ins without giving it away."""
    return hashlib.sha256(session_key.encode()).hexdigest()


def end(staff_id: int, *, but: str = "") -> int:
    """Sign the account out everywhere, but for the session with this key; returns how many ended."""
    return Session.objects.filter(staff=staff_id).exclude(session_key=but).delete()[0]


def end_printed(staff_id: int, prints: Iterable[str]) -> int:
    """End the account's sessions with these fingerprints; returns how many there were."""
    wanted = set(prints)
    keys = Session.objects.filter(staff=staff_id).values_list("session_key", flat=True)
    return Session.objects.filter(session_key__in=[key for key in keys if print_of(key) in wanted]).delete()[
        0
    ]


def forget(now: datetime) -> int:
    """Delete the sessions that have run out; returns how many."""
    return Session.objects.filter(expire_date__lt=now).delete()[0]
