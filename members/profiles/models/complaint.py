"""Complaints of members: received, answered, closed. While one is open, products are not put forward."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q

from crm.imports.provenance import Imported
from crm.staff.models import Staff
from members.profiles.models.member import Member
from members.profiles.visibility import sees_everybody

LAPSES_AFTER = timedelta(days=90)  # of a complaint that came as a churn signal; written by a trigger


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    """Named reads of complaints."""

    def visible_to(self, staff: Staff | AnonymousUser) -> ComplaintQuerySet:
        """Those of the members that this person may see."""
        if sees_everybody(staff):
            return self
        return self.filter(member__in=Member.objects.visible_to(staff))

    def open_at(self, now: datetime) -> ComplaintQuerySet:
        """Those received and not closed at an instant, the oldest first (an index by end, one by member)."""
        not_closed = Q(closed_at=None) | Q(closed_at__gt=now)
        return self.filter(not_closed, received_at__lte=now).order_by("received_at", "member_id", "id")


class Complaint(Imported):
    """What a member complained of. It is open from `received_at` until `closed_at`, at both by instants.

    `id` is the source's own, or begins with "hand " for what staff recorded. Of one that came as a churn
    signal (`lapses`) no file says how it ended: its `closed_at` lies LAPSES_AFTER after it, until somebody
    closes it. `recorded_by`, `answered_by` and `closed_by` are empty where a file said it. What a person
    answered or closed is kept against later files by a trigger.
    """

    pk = models.CompositePrimaryKey("member_id", "id")
    member = models.ForeignKey(Member, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    id = models.CharField(max_length=130)
    received_at = models.DateTimeField()
    words = models.CharField(max_length=1000, blank=True)
    owner = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    lapses = models.BooleanField(default=False, db_default=False)
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=1000, blank=True, default="", db_default="")
    answered_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    closed_at = models.DateTimeField(null=True)
    resolution = models.CharField(max_length=1000, blank=True, default="", db_default="")
    closed_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="complaint_answered_after_received",
                condition=Q(answered_at=None) | Q(answered_at__gte=F("received_at")),
            ),
            models.CheckConstraint(
                name="complaint_closed_after_received",
                condition=Q(closed_at=None) | Q(closed_at__gte=F("received_at")),
            ),
            models.CheckConstraint(
                name="complaint_answers_have_words",
                condition=Q(answered_by=None) | (Q(answered_at__isnull=False) & ~Q(answer="")),
            ),
            models.CheckConstraint(
                name="complaint_closings_have_words",
                condition=Q(closed_by=None) | (Q(closed_at__isnull=False) & ~Q(resolution="")),
            ),
        ]
        indexes = [
            models.Index(fields=["member", "received_at"], include=["closed_at"], name="complaint_by_time"),
            models.Index(fields=["closed_at", "received_at"], name="complaint_by_end"),
        ]

    def days_open(self, now: datetime) -> int:
        """Whole days from its receipt until it was closed, or until now."""
        return (min(self.closed_at or now, now) - self.received_at).days
