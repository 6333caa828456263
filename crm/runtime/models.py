"""Ground floor nouns: job runs, queued work, the change queue, calendar days."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.runtime.database.constraints import not_negative, one_of
from crm.runtime.text.local_names import LocalName


class TransactionId(models.Func):
    """The id of the writing transaction, as bigint."""

    template = "(pg_current_xact_id()::text::bigint)"
    output_field = models.BigIntegerField()
    arity = 0


class RunState(models.TextChoices):
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    LOST = "lost"  # its process died: found by the heartbeat


class JobRun(models.Model):
    """One run of a job, with its progress and, when it failed, why in words."""

    name = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.RUNNING)
    started_at = models.DateTimeField()
    heartbeat_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    detail = models.JSONField(default=dict)
    failure = models.TextField(blank=True)
    worker = models.CharField(max_length=120)
    caller = models.CharField(max_length=20, default="command")

    class Meta:
        constraints = [
            one_of("state", RunState, model="jobrun"),
            not_negative("done", model="jobrun"),
            models.CheckConstraint(
                name="jobrun_finished_when_over",
                condition=Q(state="running", finished_at=None) | (~Q(state="running") & ~Q(finished_at=None)),
            ),
        ]
        indexes = [models.Index(fields=["name", "-started_at"], name="jobrun_by_name")]


class QueueState(models.TextChoices):
    WAITING = "waiting"
    RUNNING = "running"  # a worker holds its lease
    FAILED = "failed"  # for good, with the reason


class Priority(models.IntegerChoices):
    SOON = 0  # somebody looks at a page and waits
    NORMAL = 1
    BULK = 2


class QueueItem(models.Model):
    """Work left to do: it waits for a worker, or one is at it (docs/decisions/work-queue.md).

    `kind` says which handler (crm.runtime.queue.kinds), `key` what about: of a kind and key one item is
    open at a time; an empty key excludes nothing. `payload` holds ids and settings, no personal data.
    `attempts` counts claims and is the token of the claim: whoever held an earlier one can finish nothing.
    `run_after` and `leased_until` are on the database's clock. An item is gone once it is done or
    cancelled; what failed stays for 30 days with the reason as a code with parameters.

    An item is what is to be done, a JobRun is one attempt at it: `run_id` names the latest, where attempts
    are recorded. A job that beat or a command starts has a run and no item.
    """

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=120, null=True)
    payload = models.JSONField(default=dict, db_default={})
    priority = models.SmallIntegerField(choices=Priority, default=Priority.NORMAL, db_default=Priority.NORMAL)
    state = models.CharField(
        max_length=10, choices=QueueState, default=QueueState.WAITING, db_default=QueueState.WAITING
    )
    run_after = models.DateTimeField(db_default=Now())
    attempts = models.SmallIntegerField(default=0, db_default=0)
    most_attempts = models.SmallIntegerField(default=3, db_default=3)
    leased_until = models.DateTimeField(null=True)
    cancel_asked = models.BooleanField(default=False, db_default=False)
    worker = models.CharField(max_length=120, blank=True, db_default="")
    run_id = models.BigIntegerField(null=True)
    failure_code = models.CharField(max_length=60, blank=True, db_default="")
    failure_params = models.JSONField(default=dict, db_default={})
    trace = models.JSONField(default=list, db_default=[])
    created_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("state", QueueState, model="queueitem"),
            models.CheckConstraint(
                name="queueitem_priority_known", condition=Q(priority__in=Priority.values)
            ),
            models.CheckConstraint(
                name="queueitem_leased_while_running",
                condition=Q(state="running", leased_until__isnull=False)
                | (~Q(state="running") & Q(leased_until=None)),
            ),
            models.CheckConstraint(
                name="queueitem_failed_with_reason",
                condition=(Q(state="failed", finished_at__isnull=False) & ~Q(failure_code=""))
                | (~Q(state="failed") & Q(finished_at=None)),
            ),
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=Q(state__in=["waiting", "running"]),
                name="queueitem_open_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind", "priority", "run_after", "id"],
                condition=Q(state="waiting"),
                name="queueitem_next",
            ),
            models.Index(fields=["kind"], condition=Q(state="running"), name="queueitem_running"),
            models.Index(fields=["finished_at"], condition=Q(state="failed"), name="queueitem_failed"),
        ]


class Pulse(models.Model):
    """The last sign of life of a process that works without leaving runs, by the machine's clock."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()


class Change(models.Model):
    """Something that happened, for whoever follows; read in commit order by runtime.background.changes."""

    withheld = ("UPDATE",)

    txid = models.BigIntegerField(db_default=TransactionId())
    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    member_id = models.BigIntegerField(null=True)
    payload = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["txid", "id"], name="change_commit_order"),
            models.Index(fields=["at"], name="change_by_time"),  # what is old enough to be pruned
        ]


class ChangeOrigin(models.Model):
    """The database cluster whose transaction ids the change queue holds: one row (0001_changes.sql)."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    system_identifier = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(name="changeorigin_is_one", condition=Q(id=1))]


class ChangeCursor(models.Model):
    """How far one consumer has read the change queue; `txid` is OLDEST before the first row."""

    OLDEST = -(2**62)  # below every position, also after many restores

    consumer = models.CharField(max_length=60, primary_key=True)
    txid = models.BigIntegerField(default=OLDEST)
    change_id = models.BigIntegerField(default=0)


class CalendarDay(LocalName, models.Model):
    """A day that differs from the week's rule: a holiday, or a weekend day worked to make up for one."""

    day = models.DateField(_("day"), primary_key=True)
    is_working = models.BooleanField(_("working day"))
    name = models.CharField(_("description"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=60, blank=True, default="", db_default="")
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar: holidays and make-up days")

    def __str__(self) -> str:
        return f"{self.day} {self.local_name}"
