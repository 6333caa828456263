"""Programmes and their ordered tiers."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

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
