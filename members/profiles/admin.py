"""Reference data: the channels members come from."""

from __future__ import annotations

from django.contrib import admin

from crm.staff.admin import ReferenceData
from members.profiles.models import Channel


@admin.register(Channel)
class ChannelAdmin(ReferenceData):
    list_display = ["code", "name", "name_en", "kind"]
    list_filter = ["kind"]
    search_fields = ["code", "name", "name_en"]
    ordering = ["code"]
