"""The nightly verification in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from crm.web import formats
from crm.web.jobs.runs import ShownJob
from members.lifecycle.recording.verify import JOB


def verification(jobs: Sequence[ShownJob]) -> tuple[str, str]:
    """(how it stands: good, bad or empty; in a sentence) of the last comparison that ended."""
    runs = next((job.runs for job in jobs if job.name == JOB), ())
    ended = next((run for run in runs if run.state != "running"), None)
    if ended is None:
        return "", _("Stages have not been verified yet. Verification runs nightly.")
    at = formats.moment(ended.started_at)
    if ended.state == "succeeded":
        words = [
            _("Verified %(at)s: the stages of all %(members)s members match a full recalculation."),
            _("Counts and %(sampled)s histories match too.") if "sampled" in ended.detail else "",
        ]
        counts = {name: formats.number(int(ended.detail.get(name, 0))) for name in ("members", "sampled")}
        return "good", " ".join(filter(None, words)) % {"at": at, **counts}
    return "bad", _("Verification failed at %(at)s: %(why)s") % {"at": at, "why": ended.failure}
