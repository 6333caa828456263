"""Messages that the gate deferred before they were created: decided again at the instant it named."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaigns.delivery.models.message import Kind
from campaigns.delivery.models.verdict import Selection
from campaigns.review.models import CopyVersion
from crm.runtime.database.constraints import one_of
from members.profiles.models import Member


class DeferralResult(models.TextChoices):
    QUEUED = "queued", _("Message queued")
    FORBIDDEN = "forbidden", _("Forbidden")
    TOO_LATE = "too_late", _("Too late")
    CANCELLED = "cancelled", _("Cancelled")


class Deferral(models.Model):
    """What somebody wants to send and the gate deferred. No message: there is no allowing verdict yet.

    It is decided again from `decide_at` on (`verdict_id` is the latest that deferred it) until `until`, after
    which it is dropped. `key` becomes that of the message; `values` are those the caller gave.
    """

    withheld = ("DELETE",)

    pk = models.CompositePrimaryKey("member_id", "id")
    member = models.ForeignKey(Member, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    id = models.BigIntegerField(
        db_default=models.Func(models.Value("delivery_deferral_id"), function="nextval")
    )
    kind = models.CharField(max_length=24, choices=Kind)
    key = models.CharField(max_length=120)
    copy_version = models.ForeignKey(CopyVersion, on_delete=models.PROTECT, db_index=False, related_name="+")
    channel = models.CharField(max_length=8)
    selection = models.CharField(max_length=12, choices=Selection)
    values = models.JSONField(default=dict)
    verdict_id = models.BigIntegerField()
    created_at = models.DateTimeField()
    decide_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=9, choices=DeferralResult, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "key"], name="deferral_key_once"),
            one_of("kind", Kind, model="deferral"),
            one_of("selection", Selection, model="deferral"),
            models.CheckConstraint(
                name="deferral_result_known", condition=Q(result__in=["", *DeferralResult.values])
            ),
            models.CheckConstraint(name="deferral_has_a_key", condition=~Q(key="")),
            models.CheckConstraint(name="deferral_decided_later", condition=Q(decide_at__gt=F("created_at"))),
            models.CheckConstraint(
                name="deferral_ends_with_a_result",
                condition=Q(ended_at=None, result="")
                | Q(ended_at__isnull=False, result__in=DeferralResult.values),
            ),
        ]
        indexes = [
            models.Index(
                fields=["decide_at", "member", "id"], condition=Q(ended_at=None), name="deferral_to_decide"
            ),
            models.Index(
                fields=["copy_version", "member", "id"],
                condition=Q(ended_at=None),
                name="deferral_of_copy",
            ),
        ]
