"""The nightly proof in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from crm.web import formats
from crm.web.jobs.runs import ShownJob
from members.loyalty.incentives.keeping.verify import JOB


def verification(jobs: Sequence[ShownJob]) -> tuple[str, str]:
    """(how it stands: good, bad or empty; in a sentence) of the last comparison that ended."""
    runs = next((job.runs for job in jobs if job.name == JOB), ())
    ended = next((run for run in runs if run.state != "running"), None)
    if ended is None:
        return "", _("Badges and quests have not been verified yet. Verification runs nightly.")
    at = formats.moment(ended.started_at)
    if ended.state == "succeeded":
        words = _("Verified %(at)s: all %(rules)s rules of badges and quests match a full recalculation.")
        return "good", words % {"at": at, "rules": formats.number(int(ended.detail.get("rules", 0)))}
    words = _("Verification of badges and quests failed at %(at)s: %(why)s")
    return "bad", words % {"at": at, "why": ended.failure}
