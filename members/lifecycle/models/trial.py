"""Trials of a policy: who would move under other values, worked out once for all who ask."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.runtime.database.constraints import not_negative, one_of
from crm.staff.models import Staff
from members.lifecycle.models.policy import Policy


class TrialState(models.TextChoices):
    WAITING = "waiting", _("Queued")
    RUNNING = "running", _("Running")
    DONE = "done", _("Completed")
    FAILED = "failed", _("Failed")


OPEN = (TrialState.WAITING, TrialState.RUNNING)
_IS_OPEN = Q(state__in=[state.value for state in OPEN])


class PolicyTrial(models.Model):
    """What somebody asked: whom would these values move at once, if they replaced the policy then in force?

    `values` has the text of every value by field (members.lifecycle.policy.change.as_text), `policy` was in
    force when it was asked. Members are judged as of `started_at`; `done` of `total` are so far. `result` is
    a stored members.lifecycle.policy.preview.Preview: numbers, and member ids with their stages and assets. A
    trial that failed without a `failure` in words lost its process too often.
    """

    policy = models.ForeignKey(
        Policy, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    values = models.JSONField()
    effective_from = models.DateTimeField()
    asked_by = models.ForeignKey(Staff, on_delete=models.PROTECT, db_index=False, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=TrialState, default=TrialState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    result = models.JSONField(null=True)
    failure = models.CharField(max_length=500, blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("state", TrialState, model="policytrial"),
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
                condition=Q(state="done", result__isnull=False) | (~Q(state="done") & Q(result__isnull=True)),
            ),
            models.UniqueConstraint(
                fields=["policy", "values"], condition=_IS_OPEN, name="policytrial_open_once"
            ),
        ]
        indexes = [models.Index(fields=["asked_at"], name="policytrial_by_time")]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN
