"""Trials of a policy: who would move under other values, evaluated once for all who request it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from crm.runtime.database.constraints import not_negative, one_of
from crm.runtime.models import QueueItem, QueueState
from crm.staff.models import Staff
from members.lifecycle.models.policy import Policy


class TrialOutcome(models.TextChoices):
    DONE = "done"
    FAILED = "failed"


_IS_OPEN = Q(outcome=None)


class PolicyTrial(models.Model):
    """Whom these values would move at once, if they replaced the policy in force.

    `values` has the text of every value by field (members.lifecycle.policy.change.values_as_text), `policy`
    was in force at the request, `base_version` is the one whose other values the draft takes. `outcome` is
    empty while the trial is open; until then its `item` in the work queue has its state. Members are
    evaluated as of `started_at`, `done` of `total` so far. `result` is a stored
    members.lifecycle.policy.preview.Preview: numbers, and member ids with their stages and assets. A trial
    that failed without a `failure` lost its worker too often.
    """

    policy = models.ForeignKey(
        Policy, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    base_version = models.PositiveIntegerField(null=True)  # empty: the policy in force
    values = models.JSONField()
    effective_from = models.DateTimeField()
    requested_by = models.ForeignKey(Staff, on_delete=models.PROTECT, db_index=False, related_name="+")
    requested_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=TrialOutcome, null=True)
    item = models.OneToOneField(  # of the queue, which deletes it once the trial is over
        QueueItem, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    started_at = models.DateTimeField(null=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    result = models.JSONField(null=True)
    failure = models.CharField(max_length=500, blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("outcome", TrialOutcome, model="policytrial"),
            not_negative("done", model="policytrial"),
            models.CheckConstraint(
                name="policytrial_done_of_total", condition=Q(total=None) | Q(done__lte=F("total"))
            ),
            models.CheckConstraint(
                name="policytrial_finished_when_over",
                condition=(_IS_OPEN & Q(finished_at=None)) | (~_IS_OPEN & Q(finished_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="policytrial_result_when_done",
                condition=Q(outcome="done", result__isnull=False)
                | (~Q(outcome="done") & Q(result__isnull=True)),
            ),
        ]
        indexes = [models.Index(fields=["requested_at"], name="policytrial_by_time")]

    @property
    def is_open(self) -> bool:
        return self.outcome is None

    @property
    def is_waiting(self) -> bool:
        """Whether no worker runs it; read trials that may be open with select_related("item")."""
        return self.is_open and bool(self.item and self.item.state == QueueState.WAITING)
