"""Earn rules in versions, what they have spent of their budgets, and what is left to look at."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.runtime.database.constraints import not_negative, one_of, positive
from crm.runtime.text.local_names import LocalName
from members.loyalty.models.programme import Programme


class Expiry(models.TextChoices):
    """ROLLING: so many months after they became available. YEAR_END: with that year, and days of grace."""

    NEVER = "never", _("Never")
    ROLLING = "rolling", _("Months after earning")
    YEAR_END = "year_end", _("End of year, with grace")


class EarnRule(LocalName, models.Model):
    """A rule by which members earn points; what it says stands in its versions."""

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="earn_rules", db_index=False
    )
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="earnrule_code_once"),
            models.CheckConstraint(name="earnrule_has_a_name", condition=~Q(name="")),
        ]


class EarnRuleVersion(models.Model):
    """What a rule says of facts from `effective_from` (the start of a platform day) on; written once.

    A fact is a row of `activity` for which the conditions `where` hold (JSON of a rule's "did" node), of a
    member for whom `member_rule` (JSON, NULL: anybody) holds when it is processed. It earns `points`, or,
    where `per` names an amount of the activity, `points` for each full `unit` of it, times the multiplier of
    the member's tier at the instant of the fact, rounded down: at most `cap_day` and `cap_month` a platform
    day and month, and `budget` in all (NULL: no limit). `is_active` false: the rule stops.
    """

    withheld = ("UPDATE", "DELETE")

    rule = models.ForeignKey(EarnRule, on_delete=models.PROTECT, related_name="versions", db_index=False)
    version = models.PositiveIntegerField()
    effective_from = models.DateTimeField()
    is_active = models.BooleanField(default=True, db_default=True)
    activity = models.CharField(max_length=60)
    where = models.JSONField(default=list, db_default=[])
    member_rule = models.JSONField(null=True)
    points = models.BigIntegerField()
    per = models.CharField(max_length=60, blank=True, default="", db_default="")
    unit = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    multipliers = models.JSONField(default=dict, db_default={})
    cap_day = models.BigIntegerField(null=True)
    cap_month = models.BigIntegerField(null=True)
    pending_days = models.PositiveSmallIntegerField(default=0, db_default=0)
    expiry = models.CharField(max_length=10, choices=Expiry)
    expiry_months = models.PositiveSmallIntegerField(default=0, db_default=0)
    grace_days = models.PositiveSmallIntegerField(default=0, db_default=0)
    budget = models.BigIntegerField(null=True)
    request_id = models.BigIntegerField(unique=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            one_of("expiry", Expiry, model="earnruleversion"),
            positive("version", model="earnruleversion"),
            positive("points", model="earnruleversion"),
            positive("cap_day", model="earnruleversion"),
            positive("cap_month", model="earnruleversion"),
            positive("unit", model="earnruleversion"),
            not_negative("budget", model="earnruleversion"),
            models.UniqueConstraint(fields=["rule", "version"], name="earnruleversion_once"),
            models.UniqueConstraint(fields=["rule", "effective_from"], name="earnruleversion_start_once"),
            models.CheckConstraint(
                name="earnruleversion_per_unit",
                condition=Q(per="", unit=None) | (~Q(per="") & Q(unit__isnull=False)),
            ),
            models.CheckConstraint(
                name="earnruleversion_rolls_months",
                condition=Q(expiry="rolling", expiry_months__gt=0)
                | (~Q(expiry="rolling") & Q(expiry_months=0)),
            ),
        ]


class PointsBudget(models.Model):
    """What all rules of a programme may grant together from `effective_from` on, in points; written once."""

    withheld = ("UPDATE", "DELETE")

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, db_index=False)
    effective_from = models.DateTimeField()
    points = models.BigIntegerField()
    request_id = models.BigIntegerField(unique=True)

    class Meta:
        constraints = [
            not_negative("points", model="pointsbudget"),
            models.UniqueConstraint(fields=["programme", "effective_from"], name="pointsbudget_start_once"),
        ]


class EarnTally(models.Model):
    """Points that a rule has granted less those taken back, and since when its budget stops it."""

    rule = models.OneToOneField(EarnRule, on_delete=models.PROTECT, primary_key=True)
    granted = models.BigIntegerField(default=0, db_default=0)
    skipped = models.BigIntegerField(default=0, db_default=0)
    stopped_at = models.DateTimeField(null=True)


class EarnRead(models.Model):
    """A version of a rule reads a table: changes of it mark their members. Triggers look here first."""

    rule = models.ForeignKey(EarnRule, on_delete=models.CASCADE, db_index=False)
    table_name = models.CharField(max_length=63)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["table_name", "rule"], name="earnread_once")]


class EarnMark(models.Model):
    """Facts of a member in `source`, a table, changed: the earliest of them is of `since`.

    Rows are only added and deleted, never updated: two writers never wait for each other.
    """

    member_id = models.BigIntegerField()
    source = models.CharField(max_length=63)
    since = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["member_id"], name="earnmark_of_member")]
