"""Reference data: product categories and products."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.runtime import clock
from crm.staff.admin import ReferenceData
from members.portfolio.models import Category, Product
from members.portfolio.suitability.ratings import rated_products


@admin.register(Category)
class CategoryAdmin(ReferenceData):
    list_display = ["code", "name", "name_en"]
    search_fields = ["code", "name", "name_en"]
    ordering = ["code"]


@admin.register(Product)
class ProductAdmin(ReferenceData):
    """A rating is not changed here, once the product is there: that takes two people."""

    list_display = ["code", "name", "name_en", "category", "risk", "regime", "term_days", "closed_on"]
    list_filter = ["category", "risk", "regime"]
    list_select_related = ["category"]
    search_fields = ["code", "name", "name_en", "registration_code"]
    ordering = ["code"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["risk", "rating"] if obj else []

    @admin.display(description=gettext_lazy("Rating that counts"))
    def rating(self, product: Product) -> SafeString:
        """The rating of today, with the page on which ratings are proposed."""
        (one,) = rated_products(clock.day_of(clock.now()), [product.pk])
        words = _("Under review") if one.is_under_review else one.effective
        address = reverse("product-rating", args=[product.pk])
        return format_html('{} · <a href="{}">{}</a>', words, address, _("Ratings"))
