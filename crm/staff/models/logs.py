"""What left the system in plain, or as a file: who, what, why, when. Nobody changes these rows."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from crm.runtime.database.constraints import not_negative
from crm.staff.models.accounts import Staff
from crm.staff.models.reasons import in_words


class Reveal(models.Model):
    """Somebody looked at a masked value, or searched for one: who, whose, which, why. Append-only.

    A search has its `term`, encrypted, and no member where it found none or several.
    """

    withheld = ("UPDATE", "DELETE")

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, db_index=False)
    member_id = models.BigIntegerField(null=True)
    field = models.CharField(max_length=40)
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    term = models.BinaryField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["-at", "id"], name="reveal_by_time"),
            models.Index(fields=["staff", "-at", "id"], name="reveal_of_staff"),
            models.Index(fields=["member_id", "-at", "id"], name="reveal_of_member"),
            models.Index(fields=["field", "-at", "id"], name="reveal_of_field"),
        ]
        constraints = [
            in_words("reason", model="reveal"),
            models.CheckConstraint(
                name="reveal_of_a_member", condition=Q(member_id__isnull=False) | Q(term__isnull=False)
            ),
        ]


class Export(models.Model):
    """Somebody took rows out as a file: who, what, by which filters, which columns. Append-only.

    `what` is the published name of an export (crm.staff.privacy.export_log); nobody is named for a command
    of the server. `term`: what was searched for, encrypted. A row is written before the first byte leaves;
    a second one, which names it as `begun`, when the last has, with the number of rows.
    """

    withheld = ("UPDATE", "DELETE")

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, db_index=False)
    at = models.DateTimeField()
    what = models.CharField(max_length=40)
    query = models.JSONField(default=dict)
    columns = ArrayField(models.CharField(max_length=60), default=list)
    term = models.BinaryField(null=True)
    begun = models.ForeignKey("self", on_delete=models.PROTECT, null=True, db_index=False)
    rows = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="export_rows_at_the_end",
                condition=Q(begun=None, rows=None) | Q(begun__isnull=False, rows__isnull=False),
            ),
            not_negative("rows", model="export"),
        ]
        indexes = [models.Index(fields=["-at"], name="export_by_time")]
