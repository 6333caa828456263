"""Four-eyes requests: changes that a second person decides."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.runtime.database.constraints import one_of
from crm.staff.models.accounts import Staff
from crm.staff.models.reasons import in_words


class RequestState(models.TextChoices):
    PENDING = "pending", _("Pending")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    EXPIRED = "expired", _("Expired")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    RETURNED = "returned", _("Returned")  # what it was based on has changed


_DECIDED = ["approved", "rejected", "returned"]  # by a checker


class Request(models.Model):
    """A proposed change that a second person decides, once, before it expires.

    What was proposed cannot be altered, nor a decision taken back (trigger).
    """

    withheld = ("DELETE",)

    kind = models.CharField(max_length=60)
    content_key = models.CharField(max_length=64)  # SHA-256 of what it comes to
    summary = models.CharField(max_length=200)
    proposal = models.JSONField()
    diff = models.JSONField(default=dict)
    maker = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="requests_made")
    reason = models.CharField(max_length=500)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=RequestState, default=RequestState.PENDING)
    checker = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="requests_decided")
    decided_at = models.DateTimeField(null=True)
    opinion = models.CharField(max_length=500, blank=True)  # where returned, the code of the reason

    class Meta:
        constraints = [
            one_of("state", RequestState, model="request"),
            models.CheckConstraint(
                name="request_maker_is_not_checker",
                condition=Q(checker=None) | ~Q(checker=F("maker")),
                violation_error_message=_("Someone else must review this request."),
            ),
            models.CheckConstraint(
                name="request_decided_by_somebody",
                condition=Q(state__in=_DECIDED, checker__isnull=False)
                | (~Q(state__in=_DECIDED) & Q(checker=None)),
            ),
            models.CheckConstraint(
                name="request_decided_when_over",
                condition=Q(state="pending", decided_at=None) | (~Q(state="pending") & ~Q(decided_at=None)),
            ),
            models.CheckConstraint(
                name="request_decided_before_it_expires",
                condition=~Q(state__in=_DECIDED) | Q(decided_at__lt=F("expires_at")),
            ),
            models.CheckConstraint(
                name="request_decided_after_it_was_made",
                condition=Q(decided_at=None) | Q(decided_at__gte=F("made_at")),
            ),
            models.CheckConstraint(name="request_lasts", condition=Q(expires_at__gt=F("made_at"))),
            in_words("reason", model="request"),
            models.UniqueConstraint(
                fields=["kind", "content_key"], condition=Q(state="pending"), name="request_pending_once"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-made_at"], name="request_waiting"),
            models.Index(fields=["maker", "-made_at", "id"], name="request_of_maker"),
            models.Index(
                fields=["-decided_at", "id"], condition=Q(decided_at__isnull=False), name="request_decided"
            ),
            models.Index(fields=["expires_at"], condition=Q(state="pending"), name="request_to_expire"),
        ]
