"""KPI values by month, and the targets of KPIs."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.runtime.database.constraints import not_negative, one_of
from crm.staff.models import Staff


class Scope(models.TextChoices):
    """The members that a value counts: all, of a book, of a team's books, or of a channel."""

    ALL = "all", _("All members")
    TEAM = "team", _("Team")
    STAFF = "staff", _("Book")
    CHANNEL = "channel", _("Channel")


class KpiValue(models.Model):
    """A KPI over a month's platform days up to `through`; `scope_id` is 0 for all.

    The value is `numerator` ÷ `denominator` (money in platform currency, time in days); there is none over 0.
    `definition` is the fingerprint of the SQL that computed it. Codes that begin with "cohort." count how far
    the cohort of the month had come by `through`.
    """

    kpi = models.CharField(max_length=40)
    month = models.DateField()
    through = models.DateField()
    scope = models.CharField(max_length=8, choices=Scope)
    scope_id = models.BigIntegerField(default=0)
    numerator = models.DecimalField(max_digits=24, decimal_places=4)
    denominator = models.DecimalField(max_digits=24, decimal_places=4)
    definition = models.CharField(max_length=12)
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            # Uses: the overview reads one scope's months, all KPIs of them.
            models.UniqueConstraint(
                fields=["scope", "scope_id", "month", "kpi"], name="kpivalue_once_a_month"
            ),
            one_of("scope", Scope, model="kpivalue"),
            not_negative("numerator", model="kpivalue"),
            not_negative("denominator", model="kpivalue"),
            models.CheckConstraint(
                name="kpivalue_of_a_month", condition=Q(month__day=1) & Q(through__gte=models.F("month"))
            ),
            models.CheckConstraint(
                name="kpivalue_of_all_has_no_id",
                condition=Q(scope="all", scope_id=0) | (~Q(scope="all") & Q(scope_id__gt=0)),
            ),
        ]

    @property
    def value(self) -> Decimal | None:
        return self.numerator / self.denominator if self.denominator else None


class KpiTarget(models.Model):
    """The target of a KPI from a platform day on; the last one set for a day is in force. Append-only.

    `value` is a fraction, money, days or times, in the unit of the KPI; empty: no target. One that undoes
    another has no reason of its own.
    """

    withheld = ("UPDATE", "DELETE")

    kpi = models.CharField(max_length=40)
    value = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    effective_from = models.DateField()
    set_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")

    class Meta:
        constraints = [
            not_negative("value", model="kpitarget"),
            models.CheckConstraint(
                name="kpitarget_reason_or_undoes", condition=Q(reason="") ^ Q(undoes__isnull=True)
            ),
        ]
        indexes = [models.Index(fields=["kpi", "-effective_from", "-id"], name="kpitarget_in_force")]
