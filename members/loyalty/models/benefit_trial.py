"""Previews of benefits: what a proposed version would cost, calculated once for all who ask."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from crm.runtime.models import QueueItem
from crm.staff.models import Staff
from members.loyalty.models.programme import Programme


class BenefitTrial(models.Model):
    """The preview of a version that is not stored: `content` is what it comes to, `base` the number of the
    version it follows (0: none).

    While it is open its `item` waits in the work queue, `done` of `total` so far. `result` is a stored
    members.loyalty.benefits.settings.preview.Preview. One that ended without a result failed.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+", db_index=False)
    content = models.JSONField()
    base = models.PositiveIntegerField()
    requested_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_index=False)
    requested_at = models.DateTimeField()
    item = models.OneToOneField(  # of the queue, which deletes it once the trial is over
        QueueItem, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    done = models.BigIntegerField(default=0, db_default=0)
    total = models.BigIntegerField(null=True)
    finished_at = models.DateTimeField(null=True)
    result = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="benefittrial_result_when_over", condition=Q(result=None) | Q(finished_at__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["requested_at"], name="benefittrial_by_time")]
