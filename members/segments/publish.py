"""What segments publish to the apps below them."""

from __future__ import annotations

from collections.abc import Iterator

from celery.schedules import crontab
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.runtime import errors
from crm.runtime.background import schedule
from crm.runtime.background.schedule import Scheduled
from crm.staff import permissions
from crm.staff.models import Staff
from crm.staff.privacy import export_log
from crm.web import palette
from crm.web.assets import styles
from crm.web.frame import navigation
from crm.web.frame.navigation import WORK, Place
from crm.web.jobs import queues, statements
from crm.web.jobs import registry as jobs
from crm.web.jobs.registry import Job
from members.profiles.links import RULE_FILTER
from members.profiles.timeline import registry as timeline
from members.rules.catalogue import fields
from members.rules.keeping import fact_times
from members.rules.keeping.fact_times import FactTime
from members.segments import tasks, used_by
from members.segments.fields import SEGMENT
from members.segments.keeping import keep, verify
from members.segments.keeping.backlog import WAITING
from members.segments.pages.member_file import WHAT
from members.segments.permissions import MANAGE_SEGMENTS, SEE_SEGMENTS
from members.segments.reading.timeline import SOURCE
from members.segments.sentences.refusals import REFUSALS
from members.segments.sentences.verification import verification
from members.segments.used_by import User
from members.segments.visibility import visible_segments

JOBS = (
    Job(
        keep.JOB,
        _("Update segments"),
        {"joined": _("joined"), "left": _("left"), "computed": _("segments calculated")},
    ),
    Job(
        verify.JOB,
        _("Verify segments"),
        {
            "segments": _("segments"),
            "members": _("members"),
            "differing": _("mismatches"),
            "missing": _("missing members"),
            "extra": _("extra members"),
            "failed": _("failed segments"),
        },
    ),
)
SCHEDULE = (
    Scheduled(keep.JOB, tasks.keep_segments, crontab(), 55, _("Update segments")),
    Scheduled(verify.JOB, tasks.verify_segments, crontab(hour=3, minute=40), 6 * 3600, _("Verify segments")),
)
SEGMENTS = Place(
    "segments",
    _("Segments"),
    "e",
    SEE_SEGMENTS,
    WORK,
    25,
    within=("segment", "segments-deleted", "segment-new", "segment-edit", "segment-upload"),
)
QUEUE = queues.Queue(
    WAITING,
    (
        queues.Count(_("changed members of segments")),
        queues.Count(_("segment members due")),
        queues.Count(_("segments to calculate")),
        queues.Count(_("failed segments")),
    ),
)


def publish() -> None:
    """Called once, from AppConfig.ready()."""
    errors.register(REFUSALS)
    permissions.register(SEE_SEGMENTS, MANAGE_SEGMENTS)
    fields.register(SEGMENT)
    fact_times.register(FactTime(table="segments_membership", at="coalesce(a.left_at, a.joined_at)"))
    timeline.register(SOURCE)
    RULE_FILTER.lead_to("builder-filter")
    used_by.register(
        User("segment", _("Segment"), used_by.other_segments),
        User("incentive", _("Badge or quest"), used_by.incentives),
    )
    export_log.register({WHAT: _("Members of a segment")})
    styles.register("segments/segments", "segments/builder")
    navigation.register(SEGMENTS)
    palette.register_commands(
        palette.Command(_("New segment"), "segment-new", MANAGE_SEGMENTS, _("audience group"))
    )
    palette.register_source("segments", palette.Source(_("Segments"), _find))
    jobs.register(*JOBS)
    schedule.register(*SCHEDULE)
    statements.register("segments", verification)
    queues.register("segments", QUEUE)


def _find(text: str, staff: Staff) -> Iterator[palette.Hit]:
    """Segments whose name has this text, for the palette."""
    wanted = text.casefold()
    found = (one for one in visible_segments(staff) if wanted in one.name.casefold())
    for segment, _number in zip(found, range(8), strict=False):
        yield palette.Hit(segment.name, reverse("segment", args=[segment.pk]))
