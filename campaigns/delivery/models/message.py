"""Outgoing messages: each created with an allowing verdict, each sent with a fresh one."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.delivery.models.verdict import Selection
from campaigns.review.models import CopyVersion
from crm.runtime.database.constraints import one_of
from members.profiles.models import Member


class Kind(models.TextChoices):
    """What a message is sent for; all but campaigns are service messages, each with copy of its own."""

    CAMPAIGN = "campaign", _("Campaign")
    QUESTIONNAIRE_LINK = "questionnaire_link", _("Questionnaire link")
    QUESTIONNAIRE_EXPIRING = "questionnaire_expiring", _("Questionnaire expiring")


class MessageState(models.TextChoices):
    QUEUED = "queued", pgettext_lazy("message", "Queued")
    SENT = "sent", _("Sent")
    CANCELLED = "cancelled", _("Cancelled")  # it may not be sent any more
    DROPPED = "dropped", _("Dropped")  # too late, or it could not be rendered again


class Message(models.Model):
    """A version of a copy to a member on a channel.

    The database creates one only with an allowing `verdict_id` of the same member, version, channel and hash
    that is not older than fifteen minutes, and marks it as sent only with another such verdict
    (`sent_verdict_id`), not older than five. `key` is the caller's own: the same again adds nothing.
    `values` are those of the copy's variables; rendering the version with them gives the text, whose SHA-256
    is `rendered_hash`. A message that was deferred while it was queued waits until `not_before`.
    `reason` says why it was cancelled or dropped.
    """

    withheld = ("DELETE",)

    pk = models.CompositePrimaryKey("member_id", "id")
    member = models.ForeignKey(Member, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    id = models.BigIntegerField(
        db_default=models.Func(models.Value("delivery_message_id"), function="nextval")
    )
    kind = models.CharField(max_length=24, choices=Kind)
    key = models.CharField(max_length=120)
    copy_version = models.ForeignKey(CopyVersion, on_delete=models.PROTECT, db_index=False, related_name="+")
    template_hash = models.CharField(max_length=64)
    channel = models.CharField(max_length=8)
    selection = models.CharField(max_length=12, choices=Selection)
    values = models.JSONField(default=dict)
    rendered_hash = models.CharField(max_length=64)
    verdict_id = models.BigIntegerField()
    sent_verdict_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=9, choices=MessageState, default=MessageState.QUEUED)
    queued_at = models.DateTimeField()
    not_before = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=32, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "key"], name="message_key_once"),
            models.UniqueConstraint(fields=["member", "verdict_id"], name="message_verdict_once"),
            one_of("state", MessageState, model="message"),
            one_of("kind", Kind, model="message"),
            one_of("selection", Selection, model="message"),
            models.CheckConstraint(name="message_has_a_key", condition=~Q(key="")),
            models.CheckConstraint(
                name="message_not_before_queued", condition=Q(not_before__gte=F("queued_at"))
            ),
            models.CheckConstraint(
                name="message_ended_with_reason",
                condition=Q(state="queued", ended_at=None, reason="", sent_verdict_id=None)
                | Q(state="sent", ended_at__isnull=False, reason="", sent_verdict_id__isnull=False)
                | Q(state__in=["cancelled", "dropped"], ended_at__isnull=False, sent_verdict_id=None)
                & ~Q(reason=""),
            ),
        ]
        indexes = [
            models.Index(fields=["member", "ended_at"], name="message_by_time"),
            models.Index(fields=["queued_at", "id"], name="message_latest"),
            models.Index(
                fields=["not_before", "member", "id"], condition=Q(state="queued"), name="message_to_send"
            ),
            models.Index(
                fields=["copy_version", "member", "id"],
                condition=Q(state="queued"),
                name="message_of_copy",
            ),
        ]
