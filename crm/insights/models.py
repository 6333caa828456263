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

    ALL = "all", _("Company")
    TEAM = "team", _("Team")
    STAFF = "staff", _("Book")
    CHANNEL = "channel", _("Channel")


def _all_has_no_id(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name, condition=Q(scope="all", scope_id=0) | (~Q(scope="all") & Q(scope_id__gt=0))
    )


class Span(models.TextChoices):
    """The days that a value counts: the whole month (so far), or its days to compare a running month with."""

    MONTH = "month"
    TO_DATE = "to_date"


class KpiValue(models.Model):
    """A KPI over a month's platform days up to `through`; `scope_id` is 0 for all.

    The value is `numerator` ÷ `denominator` (money in platform currency, time in days); there is none over 0.
    A total has the denominator 1, and may be negative. `members` are those counted. `version` and
    `definition` are the version and the fingerprint of the SQL that computed it. Codes that begin with
    "cohort." count how far the cohort of the month had come by `through`.
    """

    kpi = models.CharField(max_length=40)
    month = models.DateField()
    span = models.CharField(max_length=8, choices=Span, default=Span.MONTH)
    through = models.DateField()
    scope = models.CharField(max_length=8, choices=Scope)
    scope_id = models.BigIntegerField(default=0)
    numerator = models.DecimalField(max_digits=24, decimal_places=4)
    denominator = models.DecimalField(max_digits=24, decimal_places=4)
    members = models.PositiveBigIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    definition = models.CharField(max_length=12)
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            # Uses: the overview reads one scope's months, all KPIs of them.
            models.UniqueConstraint(
                fields=["scope", "scope_id", "month", "kpi", "span"], name="kpivalue_once_a_month"
            ),
            one_of("scope", Scope, model="kpivalue"),
            one_of("span", Span, model="kpivalue"),
            not_negative("denominator", model="kpivalue"),
            models.CheckConstraint(
                name="kpivalue_of_a_month", condition=Q(month__day=1) & Q(through__gte=models.F("month"))
            ),
            _all_has_no_id("kpivalue_of_all_has_no_id"),
        ]

    @property
    def value(self) -> Decimal | None:
        return self.numerator / self.denominator if self.denominator else None


class KpiTarget(models.Model):
    """The target of a KPI in a scope from a platform day on. Append-only; the last set for a day is in force.

    `value` is a fraction, money, days or times, in the unit of the KPI; empty: no target. One that undoes
    another has no reason of its own.
    """

    withheld = ("UPDATE", "DELETE")

    kpi = models.CharField(max_length=40)
    scope = models.CharField(max_length=8, choices=Scope, default=Scope.ALL)
    scope_id = models.BigIntegerField(default=0)
    value = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    effective_from = models.DateField()
    set_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")

    class Meta:
        constraints = [
            one_of("scope", Scope, model="kpitarget"),
            _all_has_no_id("kpitarget_of_all_has_no_id"),
            models.CheckConstraint(
                name="kpitarget_reason_or_undoes", condition=Q(reason="") ^ Q(undoes__isnull=True)
            ),
        ]
        indexes = [
            models.Index(
                fields=["scope", "scope_id", "kpi", "-effective_from", "-id"], name="kpitarget_in_force"
            )
        ]
