"""The next version of a rule pack while it is edited, and trials of what it would change."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from campaigns.review.models.rule_packs import RulePack
from crm.runtime.models import QueueItem
from crm.staff.models import Staff


class PackDraft(models.Model):
    """Changes to the version `base`, edited by several people in turn: one of a pack at a time.

    `changes` is {"rules": {code: entry, or null where it is removed}, "bases": {category: entries}}. Each
    save raises `revision`; a save from an older one is refused.
    """

    name = models.CharField(max_length=40, unique=True)
    base = models.ForeignKey(RulePack, on_delete=models.PROTECT, related_name="+", db_index=False)
    changes = models.JSONField(default=dict)
    effective_from = models.DateField()
    revision = models.PositiveIntegerField(default=1)
    edited_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_index=False)
    edited_at = models.DateTimeField()


class PackTrial(models.Model):
    """What a draft would newly flag or release in all stored copy, counted in the work queue.

    `changes` are those of the draft on `base`, with their `content_hash`. While it is open its `item` waits
    in the queue, `done` of `total` texts so far. One that ended without a result failed.
    """

    base = models.ForeignKey(RulePack, on_delete=models.PROTECT, related_name="+", db_index=False)
    changes = models.JSONField()
    content_hash = models.CharField(max_length=64)
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
                name="packtrial_result_when_over", condition=Q(result=None) | Q(finished_at__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["requested_at"], name="packtrial_by_time")]


class PackRescan(models.Model):
    """That all copy approved then was read with a version in effect: `read` versions, of which `lapsed` many
    approvals ended. `content_hash` is that of the compiled pack, with what it extends."""

    withheld = ("UPDATE", "DELETE")

    name = models.CharField(max_length=40)
    version = models.CharField(max_length=40)
    content_hash = models.CharField(max_length=64, unique=True)
    ended_at = models.DateTimeField()
    read = models.PositiveIntegerField()
    lapsed = models.PositiveIntegerField()
