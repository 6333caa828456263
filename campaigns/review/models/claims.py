"""Who works on a submitted version now."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from campaigns.review.models.copy import CopyVersion
from crm.staff.models import Staff


class ReviewClaim(models.Model):
    """An officer's claim on a version until an instant, so that two never work on it unknowingly.

    `taken_from` is who held it when the officer took it over.
    """

    version = models.OneToOneField(
        CopyVersion, on_delete=models.CASCADE, primary_key=True, related_name="claim"
    )
    officer = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField()
    until = models.DateTimeField()
    taken_from = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="reviewclaim_ends_after_it_began", condition=Q(until__gt=F("claimed_at"))
            ),
            models.CheckConstraint(
                name="reviewclaim_taken_from_another", condition=~Q(taken_from=F("officer"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} by {self.officer_id} until {self.until}"
