"""Addresses that are not contacted any more, known only by a keyed hash."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.runtime.database.constraints import one_of
from crm.staff.models import Staff
from members.profiles.models.consent import ContactChannel


class SuppressionScope(models.TextChoices):
    """What is held back from the address."""

    MARKETING = "marketing", _("All but service messages")
    ALL = "all", _("Every message")


class SuppressionReason(models.TextChoices):
    """Why an address is on the list."""

    OPT_OUT = "opt_out", _("Opted out")
    COMPLAINT = "complaint", _("Complained about messages")
    WRONG_PERSON = "wrong_person", _("Belongs to somebody else")
    UNDELIVERABLE = "undeliverable", _("Undeliverable")
    ERASURE = "erasure", _("Erased on request")


class Suppression(models.Model):
    """An address that gets no messages on a channel from `since` until it is lifted. Never deleted.

    `address_hash` is the blind index of the mobile or e-mail (crm.runtime.secrets.crypto), as members carry
    it; it survives the erasure of the member, so that the same person is not contacted again. Channels
    without such an address go by those of the person. Lifting needs an approved request; it is written once.
    """

    withheld = ("DELETE",)

    channel = models.CharField(max_length=8, choices=ContactChannel)
    address_hash = models.BinaryField()
    scope = models.CharField(max_length=10, choices=SuppressionScope)
    reason = models.CharField(max_length=14, choices=SuppressionReason)
    since = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lift_request = models.BigIntegerField(null=True, unique=True)  # approved

    class Meta:
        constraints = [
            one_of("channel", ContactChannel, model="suppression"),
            one_of("scope", SuppressionScope, model="suppression"),
            one_of("reason", SuppressionReason, model="suppression"),
            models.UniqueConstraint(
                fields=["channel", "address_hash", "scope"],
                condition=Q(lifted_at=None),
                name="suppression_once",
            ),
            models.CheckConstraint(
                name="suppression_lifted_by_request",
                condition=Q(lifted_at=None, lift_request=None)
                | Q(lifted_at__gte=F("since"), lift_request__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["-since", "-id"], name="suppression_by_time"),
            models.Index(fields=["address_hash", "channel"], name="suppression_of_address"),
        ]
