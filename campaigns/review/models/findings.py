"""What the wording check found in a version, what was said to it, and exceptions from it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.review.models.copy import LONGEST_REASON, CopyVersion
from crm.runtime.database.constraints import one_of
from crm.staff.models import Staff


class FindingSeverity(models.TextChoices):
    """As campaigns.review.wording.packs.Severity."""

    WARN = "warn", _("Warning")
    REQUIRE_DISCLOSURE = "require_disclosure", _("Disclosure required")
    BLOCK = "block", _("Blocked")


class FindingPart(models.TextChoices):
    """Where a finding is. Spans count code points of the part; of the whole text they are 0, 0."""

    SUBJECT = "subject", _("Subject")
    BODY = "body", _("Text")
    WHOLE = "whole", _("Whole text")


class CopyFinding(models.Model):
    """One finding in one revision of a version, with rule, reason and legal basis as they were then.

    Fixed once the version is checked; then the maker can only justify it, and once it is submitted an officer
    who did not write in it can only accept it by name (trigger).
    """

    version = models.ForeignKey(CopyVersion, on_delete=models.PROTECT, related_name="findings")
    revision = models.PositiveIntegerField()
    part = models.CharField(max_length=8, choices=FindingPart)
    rule = models.CharField(max_length=80)
    category = models.CharField(max_length=60)
    severity = models.CharField(max_length=20, choices=FindingSeverity)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    why = models.JSONField()  # {"zh": …, "en": …}, as are basis and mend
    basis = models.JSONField()
    mend = models.JSONField()
    is_evasion = models.BooleanField(default=False)
    justification = models.CharField(max_length=LONGEST_REASON, blank=True, default="", db_default="")
    justified_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    justified_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("part", FindingPart, model="copyfinding"),
            one_of("severity", FindingSeverity, model="copyfinding"),
            models.CheckConstraint(name="copyfinding_span_in_order", condition=Q(end__gte=models.F("start"))),
            models.CheckConstraint(
                name="copyfinding_justified_by_name",
                condition=Q(justification="", justified_by=None) | Q(justified_by__isnull=False),
            ),
        ]


class WordingException(models.Model):
    """A finding that two officers agreed is none: for its span of its version only. Append-only (trigger).

    Comes by an approved four-eyes request of kind `review.exception`: `asked_by` made it, `granted_by`
    approved it, and neither wrote in the version.
    """

    withheld = ("UPDATE", "DELETE")

    finding = models.OneToOneField(CopyFinding, on_delete=models.PROTECT, related_name="exception")
    version = models.ForeignKey(CopyVersion, on_delete=models.PROTECT, related_name="exceptions")
    rule = models.CharField(max_length=80)
    text = models.TextField(blank=True)
    template_hash = models.CharField(max_length=64)
    reason = models.CharField(max_length=LONGEST_REASON)
    asked_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_index=False)
    granted_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_index=False)
    granted_at = models.DateTimeField()
    request_id = models.BigIntegerField(unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="wordingexception_two_officers", condition=~Q(granted_by=models.F("asked_by"))
            ),
        ]
