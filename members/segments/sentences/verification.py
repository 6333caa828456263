"""The nightly proof in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from crm.web import formats
from crm.web.jobs.runs import ShownJob
from members.segments.keeping.verify import JOB


def verification(jobs: Sequence[ShownJob]) -> tuple[str, str]:
    """(how it stands: good, bad or empty; in a sentence) of the last comparison that ended."""
    runs = next((job.runs for job in jobs if job.name == JOB), ())
    ended = next((run for run in runs if run.state != "running"), None)
    if ended is None:
        return "", _("Segments have not been verified yet. Verification runs nightly.")
    at = formats.moment(ended.started_at)
    if ended.state == "succeeded":
        words = _("Verified %(at)s: the members of all %(segments)s segments match a full recalculation.")
        return "good", words % {"at": at, "segments": formats.number(int(ended.detail.get("segments", 0)))}
    return "bad", _("Verification of segments failed at %(at)s: %(why)s") % {"at": at, "why": ended.failure}
