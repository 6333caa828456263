"""Badges and quests: their versions, each the content of an approved request."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.runtime.database.constraints import not_negative, one_of, positive
from crm.runtime.text.local_names import LocalName
from members.lifecycle.models import Stage
from members.loyalty.models.programme import Programme


class IncentiveKind(models.TextChoices):
    BADGE = "badge", _("Badge")
    QUEST = "quest", _("Quest")


class Period(models.TextChoices):
    """How often a badge is awarded: once, or once in each calendar period of the platform's days."""

    ONCE = "once", _("Once")
    MONTH = "month", _("Every month")
    QUARTER = "quarter", _("Every quarter")
    YEAR = "year", _("Every year")


class StepOrder(models.TextChoices):
    FREE = "free", _("Any order")
    FIXED = "fixed", _("Fixed order")


class Incentive(models.Model):
    """A badge or a quest of a programme, known everywhere by its code; what it is stands in its versions."""

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="incentives", db_index=False
    )
    kind = models.CharField(max_length=5, choices=IncentiveKind)
    code = models.CharField(max_length=60)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            one_of("kind", IncentiveKind, model="incentive"),
            models.UniqueConstraint(fields=["code"], name="incentive_code_once"),
            models.CheckConstraint(
                name="incentive_code_is_plain", condition=Q(code__regex=r"^[a-z][a-z0-9_]{0,59}$")
            ),
        ]


class IncentiveVersion(LocalName, models.Model):
    """An incentive from `effective_from` on, until its next version; of two of one instant the higher.

    `rule` (JSON of members.rules) says who earns the badge, or for whom the quest starts. `steps` of a quest
    are [{"code", "name", "name_en", "rule", "rewarded"}] in their order; a step that asks for buying is never
    `rewarded`. `points` are given once the rewarded steps are done (a badge: with each award), up to `budget`
    points in all (NULL: without limit). `limit_days`: days from its start in which a quest can be completed.
    It is meant to bring members from `from_stage` to `to_stage`, in `effect_days`. Not `is_active`: ended.
    """

    withheld = ("UPDATE", "DELETE")

    incentive = models.ForeignKey(
        Incentive, on_delete=models.PROTECT, related_name="versions", db_index=False
    )
    number = models.PositiveIntegerField()
    effective_from = models.DateTimeField()
    is_active = models.BooleanField(default=True, db_default=True)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True, default="", db_default="")
    rule = models.JSONField()
    period = models.CharField(max_length=7, choices=Period, default=Period.ONCE, db_default=Period.ONCE)
    steps = models.JSONField(default=list)
    step_order = models.CharField(
        max_length=5, choices=StepOrder, default=StepOrder.FREE, db_default=StepOrder.FREE
    )
    limit_days = models.PositiveIntegerField(null=True)
    points = models.BigIntegerField(default=0, db_default=0)
    budget = models.BigIntegerField(null=True)
    from_stage = models.CharField(max_length=12, choices=Stage)
    to_stage = models.CharField(max_length=12, choices=Stage)
    effect_days = models.PositiveIntegerField(default=90, db_default=90)
    request_id = models.BigIntegerField(unique=True)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            positive("number", model="incentiveversion"),
            positive("effect_days", model="incentiveversion"),
            not_negative("points", model="incentiveversion"),
            one_of("period", Period, model="incentiveversion"),
            one_of("step_order", StepOrder, model="incentiveversion"),
            one_of("from_stage", Stage, model="incentiveversion"),
            one_of("to_stage", Stage, model="incentiveversion"),
            models.UniqueConstraint(fields=["incentive", "number"], name="incentiveversion_once"),
            models.CheckConstraint(name="incentiveversion_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="incentiveversion_moves_on", condition=~Q(from_stage=F("to_stage"))),
            models.CheckConstraint(
                name="incentiveversion_budget_positive", condition=Q(budget=None) | Q(budget__gt=0)
            ),
            models.CheckConstraint(
                name="incentiveversion_limit_positive", condition=Q(limit_days=None) | Q(limit_days__gt=0)
            ),
        ]
