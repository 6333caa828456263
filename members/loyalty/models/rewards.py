"""The catalogue of rewards in versions, and what is left of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from crm.runtime.database.constraints import not_negative, positive
from crm.runtime.text.local_names import LocalName
from members.loyalty.models.programme import Programme


class Reward(LocalName, models.Model):
    """Something that points are redeemed for. `stock` is what is left of it; NULL: it never runs out."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="rewards", db_index=False)
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True, default="", db_default="")
    stock = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="reward_code_once"),
            models.CheckConstraint(name="reward_has_a_name", condition=~Q(name="")),
            not_negative("stock", model="reward"),
        ]


class RewardVersion(models.Model):
    """What a reward asks for from `effective_from` (the start of a platform day) on; written once.

    `points` is the price of one, `cost` what one costs us, `value` its price to a buyer, both in platform
    currency. `stock_added` pieces come into stock with it.
    """

    withheld = ("UPDATE", "DELETE")

    reward = models.ForeignKey(Reward, on_delete=models.PROTECT, related_name="versions", db_index=False)
    version = models.PositiveIntegerField()
    effective_from = models.DateTimeField()
    is_active = models.BooleanField(default=True, db_default=True)
    points = models.BigIntegerField()
    cost = models.DecimalField(max_digits=20, decimal_places=2)
    value = models.DecimalField(max_digits=20, decimal_places=2)
    stock_added = models.BigIntegerField(null=True)
    request_id = models.BigIntegerField(unique=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            positive("version", model="rewardversion"),
            positive("points", model="rewardversion"),
            not_negative("cost", model="rewardversion"),
            not_negative("value", model="rewardversion"),
            not_negative("stock_added", model="rewardversion"),
            models.UniqueConstraint(fields=["reward", "version"], name="rewardversion_once"),
            models.UniqueConstraint(fields=["reward", "effective_from"], name="rewardversion_start_once"),
        ]
