"""The nightly verification of tiers in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from crm.web import formats
from crm.web.jobs.runs import ShownJob
from members.loyalty.tiers.keeping.verify import JOB


def verification(jobs: Sequence[ShownJob]) -> tuple[str, str]:
    """(how it stands: good, bad or empty; in a sentence) of the last comparison that ended."""
    runs = next((job.runs for job in jobs if job.name == JOB), ())
    ended = next((run for run in runs if run.state != "running"), None)
    if ended is None:
        return "", _("Tiers have not been verified yet. Verification runs nightly.")
    at = formats.moment(ended.started_at)
    if ended.state == "succeeded":
        counts = {name: formats.number(int(ended.detail.get(name, 0))) for name in ("members", "replayed")}
        return "good", _(
            "Verified %(at)s: the tiers of all %(members)s members hold; %(replayed)s histories match a full "
            "recalculation."
        ) % {"at": at, **counts}
    return "bad", _("Verification of tiers failed at %(at)s: %(why)s") % {"at": at, "why": ended.failure}
