"""The nightly proof of the ledger in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from crm.web import formats
from crm.web.jobs.runs import ShownJob
from members.loyalty.points.reports.verify import JOB


def verification(jobs: Sequence[ShownJob]) -> tuple[str, str]:
    """(how it stands: good, bad or empty; in a sentence) of the last proof that ended."""
    runs = next((job.runs for job in jobs if job.name == JOB), ())
    ended = next((run for run in runs if run.state != "running"), None)
    if ended is None:
        return "", _("Points have not been verified yet. Verification runs nightly.")
    at = formats.moment(ended.started_at)
    if ended.state == "succeeded":
        words = _("Verified %(at)s: balances, lots and entries of all %(accounts)s points accounts agree.")
        return "good", words % {"at": at, "accounts": formats.number(int(ended.detail.get("accounts", 0)))}
    return "bad", _("Verification of points failed at %(at)s: %(why)s") % {"at": at, "why": ended.failure}
