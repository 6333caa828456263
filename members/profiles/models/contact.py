"""When and how often members may be contacted, how they were, and what they prefer."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.runtime.database.constraints import one_of, positive
from crm.staff.models import Staff
from members.profiles.models.consent import ContactChannel, Purpose
from members.profiles.models.member import Member


class Direction(models.TextChoices):
    OUT = "out", _("Outbound")
    IN = "in", _("Inbound")


class ContactPolicy(models.Model):
    """Quiet hours and frequency caps from the start of a platform day on; written once.

    `quiet` has for each channel {"start": "21:00", "end": "09:00", "working_days": bool} in the recipient's
    local time, start and end null where no hour is quiet; `working_days` keeps holidays and weekends quiet
    too (make-up workdays are worked). `caps` has for each kind of contact, and for "all" of them together,
    {"day", "week", "month": most contacts in 24 hours, 7 days, 30 days, or null}; they count across
    channels and staff. Both are policy, not law. Each version is brought by an approved request.
    """

    withheld = ("UPDATE", "DELETE")

    version = models.PositiveIntegerField(unique=True)
    effective_from = models.DateField()
    quiet = models.JSONField()
    caps = models.JSONField()
    note = models.CharField(max_length=500, blank=True, default="")
    request_id = models.BigIntegerField(unique=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [positive("version", model="contactpolicy")]


class Contact(models.Model):
    """A contact with a member: a message that was sent, or what staff did or took. Append-only.

    `message_id` names the message of the same member. `key` makes a repeat harmless.
    """

    withheld = ("UPDATE", "DELETE")

    pk = models.CompositePrimaryKey("member_id", "id")
    member = models.ForeignKey(Member, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    id = models.BigIntegerField(db_default=Func(Value("profiles_contact_id"), function="nextval"))
    key = models.CharField(max_length=160)
    at = models.DateTimeField()
    channel = models.CharField(max_length=8, choices=ContactChannel)
    kind = models.CharField(max_length=20, choices=Purpose)
    direction = models.CharField(max_length=3, choices=Direction)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    message_id = models.BigIntegerField(null=True)
    words = models.CharField(max_length=500, blank=True, default="", db_default="")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "key"], name="contact_once"),
            one_of("channel", ContactChannel, model="contact"),
            one_of("kind", Purpose, model="contact"),
            one_of("direction", Direction, model="contact"),
            models.CheckConstraint(name="contact_not_from_the_future", condition=Q(at__lte=F("recorded_at"))),
        ]
        indexes = [
            models.Index(
                fields=["member", "-at", "-id"], include=["kind", "direction"], name="contact_by_time"
            )
        ]


class ContactPreference(models.Model):
    """Where a member lives by the clock, and on which channel service messages are wanted; empty: unknown."""

    member = models.OneToOneField(
        Member, on_delete=models.DO_NOTHING, db_constraint=False, primary_key=True, related_name="+"
    )
    time_zone = models.CharField(max_length=40, blank=True, default="", db_default="")
    service_channel = models.CharField(
        max_length=8, choices=ContactChannel, blank=True, default="", db_default=""
    )
    updated_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="contactpreference_service_channel_known",
                condition=Q(service_channel__in=["", *ContactChannel.values]),
            )
        ]
