"""A new normal: what a member holds now is what is to be measured from now on."""

from __future__ import annotations

from django.db import models

from crm.runtime.database.constraints import not_negative
from crm.staff.models import Staff
from members.profiles.models import Member


class NewNormal(models.Model):
    """A relationship manager's statement that lower assets are here to stay, with its reason. Append-only.

    Assets before the platform day of `at` are no peak any more, so open falls end. `aum` and `peak_aum` are
    what the standing said when it was recorded, in platform currency.
    """

    withheld = ("UPDATE", "DELETE")

    pk = models.CompositePrimaryKey("member_id", "id")
    member = models.ForeignKey(Member, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    id = models.BigIntegerField(
        db_default=models.Func(models.Value("lifecycle_newnormal_id"), function="nextval")
    )
    at = models.DateTimeField()
    reason = models.CharField(max_length=500)
    recorded_by = models.ForeignKey(Staff, on_delete=models.PROTECT, db_index=False, related_name="+")
    aum = models.DecimalField(max_digits=20, decimal_places=2)
    peak_aum = models.DecimalField(max_digits=20, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "at"], name="newnormal_one_at_an_instant"),
            models.CheckConstraint(name="newnormal_has_a_reason", condition=~models.Q(reason="")),
            not_negative("aum", model="newnormal"),
            not_negative("peak_aum", model="newnormal"),
        ]
