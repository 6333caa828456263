"""Products and their categories."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.imports.provenance import Imported
from crm.runtime.database.constraints import one_of
from crm.runtime.text.local_names import LocalName


class Category(LocalName, models.Model):
    code = models.CharField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("product category")
        verbose_name_plural = _("product categories")


class ProductRisk(models.TextChoices):
    R1 = "R1"
    R2 = "R2"
    R3 = "R3"
    R4 = "R4"
    R5 = "R5"


class Regime(models.TextChoices):
    """Which rules of suitability apply (docs/: the words of the law)."""

    FS = "FS", _("Funds, securities, futures")
    BW = "BW", _("Bank and wealth management products")
    PR = "PR", _("Private products")
    IN = "IN", _("Insurance")
    XX = "XX", _("Overseas products")


class Product(LocalName, Imported):
    """A financial product; `code` is the id the source gives it.

    `risk` is the rating that came with the product; what counts is the highest of it and of the ratings of
    manager and seller (suitability.ratings). Without a `registration_code` (of the fund, the filing, the
    wealth product) it is not put forward, nor from the day `closed_on` on.
    """

    code = models.CharField(_("code"), max_length=120, unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200, blank=True, default="", db_default="")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, verbose_name=_("category"))
    risk = models.CharField(_("risk"), max_length=2, choices=ProductRisk)
    regime = models.CharField(_("regulatory regime"), max_length=2, choices=Regime, null=True, blank=True)
    term_days = models.PositiveIntegerField(_("term (days)"), null=True, blank=True)
    registration_code = models.CharField(
        _("registration code"), max_length=60, blank=True, default="", db_default=""
    )
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [
            one_of("risk", ProductRisk, model="product"),
            one_of("regime", Regime, model="product"),
        ]
