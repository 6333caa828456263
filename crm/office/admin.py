"""Staff and teams to look up in the administration; they are changed on the office's own pages."""

from __future__ import annotations

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from crm.staff.admin import LookUp
from crm.staff.models import Staff, Team


@admin.register(Team)
class TeamAdmin(LookUp):
    list_display = ["name", "name_en", "page"]
    search_fields = ["name", "name_en"]

    @admin.display(description=_("Team page"))
    def page(self, team: Team) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', reverse("team", args=[team.pk]), _("Team members and changes")
        )


@admin.register(Staff)
class StaffAdmin(LookUp):
    list_display = ["username", "full_name", "role", "team", "is_active", "page"]
    list_filter = ["role", "team", "is_active"]
    list_select_related = ["team"]
    search_fields = ["username", "display_name"]
    ordering = ["username"]
    fields = ["username", "display_name", "role", "team", "language", "is_active", "last_login"]

    @admin.display(description=_("Name"), ordering="display_name")
    def full_name(self, staff: Staff) -> str:
        return staff.display_name

    @admin.display(description=_("Staff page"))
    def page(self, staff: Staff) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', reverse("staff-person", args=[staff.pk]), _("Edit (reason required)")
        )
