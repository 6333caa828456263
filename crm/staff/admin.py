"""Reference data for administrators: staff and teams. Roles are the only rights, so groups stay away."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from crm.staff.models import Staff, Team
from crm.staff.permissions import Action, may

admin.site.unregister(Group)


class ManagedByAdministrators(ModelAdmin):
    """The role's right decides, not Django's permissions; nothing is deleted, accounts are closed."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may(request.user, Action.MANAGE_STAFF)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request.user, Action.MANAGE_STAFF)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may(request.user, Action.MANAGE_STAFF)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request.user, Action.MANAGE_STAFF)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Team)
class TeamAdmin(ManagedByAdministrators):
    list_display = ["name"]
    search_fields = ["name"]


@admin.register(Staff)
class StaffAdmin(UserAdmin, ManagedByAdministrators):
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ["username", "display_name", "role", "team", "is_active"]
    list_filter = ["role", "team", "is_active"]
    list_select_related = ["team"]
    search_fields = ["username", "display_name"]
    ordering = ["username"]
    filter_horizontal = []
    readonly_fields = ["last_login"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["display_name", "role", "team", "language"]}),
        (_("Account"), {"fields": ["is_active", "last_login"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "display_name", "role", "team", "language", "password1", "password2"]})
    ]
