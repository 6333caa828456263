"""Where members come from, and what each source costs a day."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.imports.provenance import Imported
from crm.runtime.database.constraints import bounded_money, not_negative
from crm.runtime.text.local_names import LocalName


class Channel(LocalName, Imported):
    """An acquisition channel; `code` is the name that files use."""

    code = models.CharField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True, default="", db_default="")
    kind = models.CharField(_("type"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")


class ChannelSpend(Imported):
    """Money spent on a channel on one platform day, in platform currency."""

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT)
    date = models.DateField()
    amount = models.DecimalField(max_digits=20, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "date"], name="spend_once_a_day"),
            not_negative("amount", model="channelspend"),
            bounded_money("amount", model="channelspend"),
        ]
