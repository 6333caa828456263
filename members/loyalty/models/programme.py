"""Programmes, their ordered tiers, and what is counted of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from crm.runtime.database.constraints import one_of
from crm.runtime.text.local_names import LocalName


class Programme(LocalName, models.Model):
    """A loyalty programme: tiers, benefits and points of its own. Exactly one is the main one.

    The catalogue's fields (tier, points) and the member page show the main programme first.
    """

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True, default="", db_default="")
    is_main = models.BooleanField(default=False, db_default=False)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_main"], condition=Q(is_main=True), name="programme_main_once"
            ),
            models.CheckConstraint(name="programme_has_a_name", condition=~Q(name="")),
        ]


class Tier(LocalName, models.Model):
    """A tier of a programme; `rank` orders them, 0 is the tier of everybody who reaches none."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="tiers", db_index=False)
    rank = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "rank"], name="tier_rank_once"),
            models.UniqueConstraint(fields=["programme", "code"], name="tier_code_once"),
            models.CheckConstraint(name="tier_has_a_name", condition=~Q(name="")),
        ]


class Counted(models.TextChoices):
    """What a count is of. Not told to anybody."""

    TIER = "tier", "members in a tier (key)"
    MOVE = "move", "changes from a tier (key; empty: none before) to another (other)"
    POINTS = "points", "entries of a kind (key), amount in points"
    BENEFIT = "benefit", "uses of a benefit (key), amount in platform currency"
    QUEST = "quest", "members who started (other: started) or completed (completed) a quest (key)"
    BADGE = "badge", "awards of a badge (key)"


class LoyaltyCount(models.Model):
    """A number of the overview: the sum over all its rows.

    Triggers (migrations/0001_overview.sql) add a row for each change, members.loyalty.overview.counts.compact
    adds them to the totals, which `is_total` marks. `month` is the first day of the platform month of the
    facts, NULL where the number is of now.
    """

    programme = models.ForeignKey(
        Programme, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    counted = models.CharField(max_length=8, choices=Counted)
    month = models.DateField(null=True)
    key = models.CharField(max_length=20)
    other = models.CharField(max_length=20, default="", db_default="")
    count = models.BigIntegerField()
    amount = models.DecimalField(max_digits=24, decimal_places=2, default=0, db_default=0)
    is_total = models.BooleanField(default=False)

    class Meta:
        constraints = [
            one_of("counted", Counted, model="loyaltycount"),
            models.UniqueConstraint(
                fields=["programme", "counted", "month", "key", "other"],
                condition=Q(is_total=True),
                nulls_distinct=False,
                name="loyaltycount_one_sum",
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(is_total=False), name="loyaltycount_deltas")]
