"""The archive of opinions, evidence, and free-text values that were checked."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.review.models.copy import LONGEST_REASON, CopyVersion
from campaigns.review.models.findings import FindingSeverity
from crm.runtime.database.constraints import one_of, positive
from crm.staff.models import Staff


class Decision(models.TextChoices):
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Opinion(models.Model):
    """A decision about a version, with all that it was based on. Append-only; its insertion is the decision.

    A trigger refuses one by somebody who wrote in the version, about another content than `template_hash`,
    or an approval that leaves a finding open, and then moves the version. `findings` are as they stood:
    [{"part", "rule", "category", "severity", "start", "end", "text", "why", "basis", "justification",
    "justified_by", "accepted_by", "exception"}]. `rendered` are the SHA-256 of the sample renderings.
    `names` are those of maker, last editor and checker then. `product_risk` is the rating of the product
    that the approval holds for.
    """

    withheld = ("UPDATE", "DELETE")

    version = models.ForeignKey(CopyVersion, on_delete=models.PROTECT, related_name="opinions")
    decision = models.CharField(max_length=10, choices=Decision)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(db_index=True)
    reason = models.CharField(max_length=LONGEST_REASON)
    names = models.JSONField()
    findings = models.JSONField()
    template_hash = models.CharField(max_length=64)
    rendered = models.JSONField(default=list)
    pack_name = models.CharField(max_length=40, blank=True)
    pack_version = models.CharField(max_length=40, blank=True)
    product_risk = models.CharField(max_length=2, blank=True, default="")
    expires_at = models.DateTimeField(null=True)
    expiry_reason = models.CharField(max_length=16, blank=True, default="")

    class Meta:
        constraints = [
            one_of("decision", Decision, model="opinion"),
            models.UniqueConstraint(
                fields=["version"],
                condition=~Q(decision=Decision.WITHDRAWN),
                name="opinion_one_decision",
            ),
            models.CheckConstraint(name="opinion_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="opinion_approval_expires",
                condition=Q(decision=Decision.APPROVED, expires_at__gt=models.F("at"))
                | (~Q(decision=Decision.APPROVED) & Q(expires_at=None)),
            ),
        ]


class Evidence(models.Model):
    """A file that proves what a version says; fixed once the version is submitted (trigger)."""

    version = models.ForeignKey(CopyVersion, on_delete=models.PROTECT, related_name="evidence")
    name = models.CharField(max_length=200)
    file = models.CharField(max_length=200, unique=True)  # its name in the storage of uploads
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    note = models.CharField(max_length=500, blank=True, default="")
    uploaded_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_index=False)
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            positive("size", model="evidence"),
            models.UniqueConstraint(fields=["version", "sha256"], name="evidence_once"),
        ]


class CheckedValue(models.Model):
    """The worst that a rule pack found in a free-text value where it stands in a text. Append-only.

    `value_hash` is keyed (crm.runtime.secrets), so that a name cannot be guessed from it; `findings` are
    [[rule, category, severity]], without the value. `severity` is empty where nothing was found.
    """

    withheld = ("UPDATE", "DELETE")

    pack_name = models.CharField(max_length=40)
    pack_version = models.CharField(max_length=40)
    value_hash = models.BinaryField()
    severity = models.CharField(max_length=20, choices=FindingSeverity, blank=True, default="")
    findings = models.JSONField(default=list)
    checked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pack_name", "pack_version", "value_hash"], name="checkedvalue_once"
            ),
            models.CheckConstraint(
                name="checkedvalue_severity_known",
                condition=Q(severity="") | Q(severity__in=FindingSeverity.values),
            ),
        ]
