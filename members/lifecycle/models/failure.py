"""Members whose evaluation failed: set apart, so that all others are evaluated."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from crm.runtime.database.constraints import one_of, positive
from members.profiles.models import Member


class FailureCode(models.TextChoices):
    """What kind of fault it is; members.lifecycle.sentences.failure words each."""

    AMOUNT = "amount"  # a sum, share or bound too large to be stored
    DATE = "date"  # a day or instant out of range
    CONSTRAINT = "constraint"  # an answer that the tables refuse
    OTHER = "other"


class EvaluationFailure(models.Model):
    """A member whose last evaluation failed, and the span of facts that waits to be evaluated.

    The standing, transitions and warnings stay as they were before. The member is evaluated again when its
    facts change, when another policy comes into force, or by hand; success deletes the row. `sqlstate` is
    the database's code of the error, empty where the answer could not be read. `failed_at` is the first of
    `attempts`, `tried_at` the last.
    """

    member = models.OneToOneField(
        Member,
        on_delete=models.DO_NOTHING,
        primary_key=True,
        db_constraint=False,
        related_name="evaluation_failure",
    )
    code = models.CharField(max_length=10, choices=FailureCode)
    sqlstate = models.CharField(max_length=5, blank=True)
    policy_version = models.PositiveIntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    failed_at = models.DateTimeField()
    tried_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            one_of("code", FailureCode, model="evaluationfailure"),
            positive("attempts", model="evaluationfailure"),
            models.CheckConstraint(
                name="evaluationfailure_span_in_order", condition=Q(since__lte=F("until"))
            ),
            models.CheckConstraint(
                name="evaluationfailure_tried_after_it_failed", condition=Q(failed_at__lte=F("tried_at"))
            ),
        ]
        indexes = [models.Index(fields=["failed_at"], name="evaluationfailure_by_time")]
