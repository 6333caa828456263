"""Who guesses passwords is shut out: by name and address, and by address over all names."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Count, Sum
from django.db.models.functions import Now
from django.http import HttpRequest

COOL_OFF = timedelta(hours=settings.AXES_COOLOFF_TIME)
MOST_FAILURES = 50  # of one address within COOL_OFF …
MOST_NAMES = 10  # … over at least so many names: one person who mistypes is no guesser of others' passwords


class Handler(AxesDatabaseHandler):
    """Django-axes' own count by name and address, and one by address."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        if super().is_locked(request, credentials):
            return True
        return guesses_over_names(request.META.get("REMOTE_ADDR", ""))


def guesses_over_names(address: str) -> bool:
    """Whether so many sign-ins under so many names failed from this address that it is shut out."""
    recent = AccessAttempt.objects.filter(ip_address=address or None, attempt_time__gt=Now() - COOL_OFF)
    found = recent.aggregate(failures=Sum("failures_since_start"), names=Count("username", distinct=True))
    return (found["failures"] or 0) >= MOST_FAILURES and found["names"] >= MOST_NAMES


def delete_old_failures(now: datetime) -> int:
    """Delete failed sign-ins that no longer shut anybody out; returns how many. `now` is machine time."""
    return AccessAttempt.objects.filter(attempt_time__lte=now - COOL_OFF).delete()[0]
