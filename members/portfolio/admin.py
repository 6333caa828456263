"""Reference data: product categories and products."""

from __future__ import annotations

from django.contrib import admin

from crm.staff.admin import ReferenceData
from members.portfolio.models import Category, Product


@admin.register(Category)
class CategoryAdmin(ReferenceData):
    list_display = ["code", "name", "name_en"]
    search_fields = ["code", "name", "name_en"]
    ordering = ["code"]


@admin.register(Product)
class ProductAdmin(ReferenceData):
    list_display = ["code", "name", "name_en", "category", "risk", "regime", "term_days"]
    list_filter = ["category", "risk", "regime"]
    list_select_related = ["category"]
    search_fields = ["code", "name", "name_en"]
    ordering = ["code"]
