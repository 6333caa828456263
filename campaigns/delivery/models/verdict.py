"""Verdicts of the gate. They grow with activity."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.review.models import CopyVersion
from crm.runtime.database.constraints import one_of
from members.profiles.models import Member


class Outcome(models.TextChoices):
    """Whether a member may get a copy on a channel: yes, not before an instant, no."""

    ALLOW = "allow", _("Allowed")
    DEFER = "defer", _("Deferred")
    FORBID = "forbid", _("Forbidden")


class Selection(models.TextChoices):
    """How the members were chosen who are to get a message."""

    ONE = "one", _("For one member, by a person or a service event")
    GROUP = "group", _("Group, not by personal traits")
    PERSONALISED = "personalised", _("By personal traits")
    SENSITIVE = "sensitive", _("By account and holdings")


class Verdict(models.Model):
    """Whether a member may get a version of a copy on a channel, decided at an instant. Append-only.

    `row` is the row of the table that decided, `reasons` the reasons of all rows that held, in their order.
    `template_hash` is that of the version as it was then: a message needs an allowing verdict of the same
    member, version, channel and hash. `not_before` is the earliest instant at which a deferred verdict can
    end otherwise. `call` numbers the call of the gate that decided it with others. `snapshot` holds the facts
    and the versions (table, pack, product rating, house rule, contact policy) it rests on.
    """

    withheld = ("UPDATE", "DELETE")

    pk = models.CompositePrimaryKey("member_id", "id")
    member = models.ForeignKey(Member, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    id = models.BigIntegerField(
        db_default=models.Func(models.Value("delivery_verdict_id"), function="nextval")
    )
    call = models.BigIntegerField()
    copy_version = models.ForeignKey(
        CopyVersion, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    template_hash = models.CharField(max_length=64)
    channel = models.CharField(max_length=8)
    selection = models.CharField(max_length=12, choices=Selection)
    outcome = models.CharField(max_length=6, choices=Outcome)
    row = models.CharField(max_length=6)
    reasons = ArrayField(models.CharField(max_length=32))
    decided_at = models.DateTimeField()
    not_before = models.DateTimeField(null=True)
    snapshot = models.JSONField()

    class Meta:
        constraints = [
            one_of("outcome", Outcome, model="verdict"),
            one_of("selection", Selection, model="verdict"),
            models.CheckConstraint(name="verdict_has_a_reason", condition=Q(reasons__len__gt=0) & ~Q(row="")),
            models.CheckConstraint(
                name="verdict_deferred_until",
                condition=Q(outcome="defer", not_before__gt=models.F("decided_at"))
                | (~Q(outcome="defer") & Q(not_before=None)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["decided_at", "id"], condition=~Q(outcome="allow"), name="verdict_withheld_latest"
            )
        ]

    @property
    def deferred_until(self) -> datetime:
        """`not_before` of a deferred verdict."""
        assert self.not_before is not None  # a constraint
        return self.not_before
