"""What members did: touches, behaviour events, leaving signals, risk assessments. All grow with activity."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.imports.provenance import Imported
from crm.runtime.database.constraints import one_of
from members.profiles.models.channel import Channel
from members.profiles.models.member import Member, RiskClass

LOGIN = "login"


class Touch(Imported):
    """A contact before or after registration, such as an advertisement seen. Keyed by the source's id."""

    id = models.CharField(primary_key=True, max_length=120)
    at = models.DateTimeField()
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT)
    campaign = models.CharField(max_length=120, blank=True)
    visitor_id = models.CharField(max_length=120, blank=True)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, null=True, db_index=False)

    class Meta:
        indexes = [
            models.Index(fields=["member", "at"], condition=Q(member__isnull=False), name="touch_of_member"),
            models.Index(fields=["visitor_id"], condition=Q(member=None), name="touch_of_visitor"),
        ]


class Event(Imported):
    """A behaviour event (login, page, task …) with open properties; `id` is the source's own."""

    pk = models.CompositePrimaryKey("member_id", "id")
    member = models.ForeignKey(Member, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    id = models.CharField(max_length=120)
    at = models.DateTimeField()
    name = models.CharField(max_length=60)
    properties = models.JSONField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["member", "at"], name="event_by_time"),
            models.Index(fields=["member", "at"], condition=Q(name=LOGIN), name="event_login"),
        ]


class SignalKind(models.TextChoices):
    COMPLAINT = "complaint", _("Complaint")
    CLOSING_REQUEST = "closing_request", _("Account closure request")


class Signal(Imported):
    """Something that says a member may leave."""

    pk = models.CompositePrimaryKey("member_id", "id")
    member = models.ForeignKey(Member, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    id = models.CharField(max_length=120)
    at = models.DateTimeField()
    kind = models.CharField(max_length=20, choices=SignalKind)
    detail = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [one_of("kind", SignalKind, model="signal")]
        indexes = [models.Index(fields=["member", "kind", "at"], name="signal_by_time")]


class RiskAssessment(Imported):
    """A completed risk questionnaire; the latest one is the member's risk class."""

    pk = models.CompositePrimaryKey("member_id", "assessed_on")
    member = models.ForeignKey(Member, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    assessed_on = models.DateField()
    risk_class = models.CharField(max_length=2, choices=RiskClass)
    questionnaire_version = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [one_of("risk_class", RiskClass, model="riskassessment")]
