"""Uses of benefits by members. They grow with activity."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from crm.runtime.database.constraints import not_negative
from crm.staff.models import Staff
from members.loyalty.models.benefits import Benefit, BenefitVersion
from members.loyalty.models.programme import Tier
from members.profiles.models import Member


class BenefitUse(models.Model):
    """A member used a benefit at an instant. Append-only; it can only be undone, within a day (trigger).

    `key` is the caller's own: the same again adds nothing. The database takes a use only within the quota and
    fills in what follows from member, benefit and instant: the platform `day`, the version, the tier that
    gave the quota, the cost, and the household whose quota it counts for (of a shared benefit only).
    `reference` is the supplier's booking number. Recorded by a person, or by a `source` outside; undone by
    either. `request_id` approved a grant above the cost limit.
    """

    withheld = ("DELETE",)

    pk = models.CompositePrimaryKey("member_id", "id")
    member = models.ForeignKey(Member, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    id = models.BigIntegerField(
        db_default=models.Func(models.Value("loyalty_benefituse_id"), function="nextval")
    )
    benefit = models.ForeignKey(Benefit, on_delete=models.PROTECT, related_name="+", db_index=False)
    version = models.ForeignKey(BenefitVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    tier = models.ForeignKey(Tier, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    day = models.DateField()
    cost = models.DecimalField(max_digits=20, decimal_places=2)
    household_id = models.BigIntegerField(null=True)
    key = models.CharField(max_length=80)
    reference = models.CharField(max_length=80, blank=True, default="", db_default="")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    source = models.CharField(max_length=60, blank=True, default="", db_default="")
    request_id = models.BigIntegerField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    undone_source = models.CharField(max_length=60, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "key"], name="benefituse_key_once"),
            models.UniqueConstraint(
                fields=["member", "request_id"],
                condition=Q(request_id__isnull=False),
                name="benefituse_request_once",
            ),
            models.CheckConstraint(name="benefituse_has_a_key", condition=~Q(key="")),
            not_negative("cost", model="benefituse"),
            models.CheckConstraint(
                name="benefituse_not_in_the_future", condition=Q(at__lte=F("recorded_at"))
            ),
            models.CheckConstraint(
                name="benefituse_by_somebody", condition=Q(recorded_by__isnull=False) | ~Q(source="")
            ),
            models.CheckConstraint(
                name="benefituse_undone_by_somebody",
                condition=Q(undone_at=None, undone_by=None, undone_source="")
                | Q(undone_at__isnull=False) & (Q(undone_by__isnull=False) | ~Q(undone_source="")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["member", "benefit", "day"],
                condition=Q(undone_at=None),
                name="benefituse_against_quota",
            ),
            models.Index(
                fields=["household_id", "benefit", "day"],
                condition=Q(undone_at=None, household_id__isnull=False),
                name="benefituse_of_household",
            ),
            models.Index(fields=["member", "at"], name="benefituse_by_time"),
            models.Index(
                fields=["day", "member", "id"],
                include=["version", "cost"],
                condition=Q(undone_at=None),
                name="benefituse_by_day",
            ),
        ]
