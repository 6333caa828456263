"""Cancel what is pending: queued messages, and deferrals that would become messages."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import connection

from crm.runtime.sql_files import sql_beside

_sql = sql_beside(__file__)


class Reason(StrEnum):
    """Why a message was cancelled before it was decided about again."""

    CLASS_CHANGED = "class_changed"
    RATING_CHANGED = "rating_changed"
    COPY_WITHDRAWN = "copy_withdrawn"
    COPY_LAPSED = "copy_lapsed"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    SUPPRESSED = "suppressed"


def cancel(
    reason: Reason,
    now: datetime,
    *,
    changed_at: datetime,
    members: Collection[int] | None = None,
    versions: Collection[int] | None = None,
    product: int | None = None,
    purposes: Collection[str] | None = None,
    channels: Collection[str] | None = None,
    selections: Collection[str] | None = None,
) -> int:
    """End what was pending at `changed_at` and matches everything given; returns how many. One statement."""
    values: dict[str, Any] = {
        "reason": reason.value,
        "now": now,
        "changed_at": changed_at,
        "members": None if members is None else list(members),
        "versions": None if versions is None else list(versions),
        "product": product,
        "purposes": None if purposes is None else list(purposes),
        "channels": None if channels is None else list(channels),
        "selections": None if selections is None else list(selections),
    }
    with connection.cursor() as cursor:
        cursor.execute(_sql("cancel"), values)
        (count,) = cursor.fetchone()
    return int(count)
