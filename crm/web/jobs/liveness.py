"""Whether background work gets done: the last sign of a worker and of beat, in a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

_SQL = """
SELECT
    (SELECT extract(epoch FROM clock_timestamp() - at) FROM runtime_pulse WHERE name = 'worker'),
    (SELECT extract(epoch FROM clock_timestamp() - max(last_run_at)) FROM django_celery_beat_periodictask
     WHERE enabled)
"""
LATE = 300.0  # seconds without a sign of life; both give one every minute


@dataclass(frozen=True)
class Liveness:
    """`good` or not, and why, in the reader's language."""

    good: bool
    words: str


def liveness() -> Liveness:
    """One query, by the machine's clock."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL)
        worker, beat = (_since(seconds) for seconds in cursor.fetchone())
    if worker is not None and worker < LATE:
        return Liveness(True, _("Worker running; last heartbeat %(ago)s ago.") % {"ago": _ago(worker)})
    beats = beat is not None and beat < LATE
    if worker is None:
        silent = _("No worker heartbeat yet.")
    else:
        silent = _("No worker heartbeat for %(ago)s.") % {"ago": _ago(worker)}
    cause = (
        _("The scheduler is running. Start a worker, or check whether all are busy with long tasks.")
        if beats
        else _("The scheduler is not running either. Start both.")
    )
    return Liveness(False, together(silent, cause))


def _since(seconds: float | None) -> float | None:
    """The age of a sign of life; one from the future was given before the clock was set back, and is none."""
    return None if seconds is None or seconds < -LATE else float(seconds)


def together(*sentences: str) -> str:
    """Sentences one after another, as the language sets them."""
    joined = pgettext("two sentences", "%(one)s %(other)s")
    return reduce(lambda one, other: joined % {"one": one, "other": other}, sentences)


def _ago(seconds: float) -> str:
    """A length of time in the unit that fits."""
    if seconds < 90:
        count = max(1, round(seconds))
        return ngettext("%(count)s second", "%(count)s seconds", count) % {"count": count}
    if seconds < 5400:
        count = round(seconds / 60)
        return ngettext("%(count)s minute", "%(count)s minutes", count) % {"count": count}
    if seconds < 172_800:
        count = round(seconds / 3600)
        return ngettext("%(count)s hour", "%(count)s hours", count) % {"count": count}
    count = round(seconds / 86_400)
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": count}
