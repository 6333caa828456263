"""Occasions to greet members on, and greetings sent."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from members.profiles.models import Member


class Occasion(models.Model):
    name = models.CharField(_("name"), max_length=80, unique=True)

    class Meta:
        verbose_name = _("occasion")
        verbose_name_plural = _("occasions")

    def __str__(self) -> str:
        return self.name


class Greeting(models.Model):
    pk = models.CompositePrimaryKey("member_id", "id")
    member = models.ForeignKey(Member, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    id = models.CharField(max_length=120)
    at = models.DateTimeField()
    occasion = models.ForeignKey(Occasion, on_delete=models.PROTECT, db_index=False)

    class Meta:
        indexes = [models.Index(fields=["member", "at"], name="greeting_by_time")]
