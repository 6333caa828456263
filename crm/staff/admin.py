"""The administration: what reference data have in common there, and its doors.

Nothing is here that has a page with a reason and a log of its own: accounts, members.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from importlib import import_module
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import InvalidPage
from django.db.models import CharField, Field, TextField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from unfold.admin import ModelAdmin

from crm.runtime.models import CalendarDay
from crm.runtime.text.fields import NormalTextField
from crm.staff.administration import lookups
from crm.staff.links import NEW_PASSWORD
from crm.staff.permissions import MANAGE_STAFF, may

# What packages register goes: roles are the only rights, sign-ins have a page of their own. Their modules
# come first, so that nothing registers again afterwards.
for _package in ("django.contrib.auth", "axes"):
    import_module(f"{_package}.admin")
for _model in (Group, AccessAttempt, AccessFailureLog, AccessLog):
    admin.site.unregister(_model)


def _sign_in(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
    """The product's own sign-in page stands before the administration; signed in, another role gets a 403."""
    if request.user.is_authenticated:
        raise PermissionDenied("the administration is for administrators")
    return redirect_to_login(request.GET.get("next", reverse("admin:index")), resolve_url(settings.LOGIN_URL))


def _own_password(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
    return HttpResponseRedirect(NEW_PASSWORD.address())


def _sane(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view; a parameter that it would break on is answered with 400."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        if any("\0" in text for _name, texts in request.GET.lists() for text in texts):
            raise BadRequest
        try:
            return view(request, *args, **options)
        except InvalidPage as error:
            raise BadRequest from error

    return answer


# The site, made by Django, takes other views so only. Two have a better home in the product, two use what is
# sent before they look at it.
admin.site.login = _sign_in  # type: ignore[method-assign]  # as said above
admin.site.password_change = _own_password  # type: ignore[method-assign, assignment]  # as said above
admin.site.search = _sane(admin.site.search)  # type: ignore[attr-defined]  # of unfold's site
admin.site.autocomplete_view = _sane(admin.site.autocomplete_view)  # type: ignore[method-assign]  # as said above


class ReferenceData(ModelAdmin):
    """Kept by administrators: the role's right decides, not Django's permissions. Nothing is deleted."""

    show_full_result_count = False

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Only what the list itself offers: Django also lets by any own field and the key of any relation,
        so that a password's hash or a session could be read sign by sign through what a list shows or not.
        """
        return lookups.is_declared(self, lookup, value)

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **options: Any) -> Any:
        if type(db_field) in (CharField, TextField) and not db_field.choices:
            options.setdefault("form_class", NormalTextField)
        return super().formfield_for_dbfield(db_field, request, **options)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may(request.user, MANAGE_STAFF)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request.user, MANAGE_STAFF)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may(request.user, MANAGE_STAFF)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request.user, MANAGE_STAFF)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class LookUp(ReferenceData):
    """Only to be read here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(CalendarDay)
class CalendarDayAdmin(ReferenceData):
    """Registered here, since the ground floor below knows nothing of rights."""

    list_display = ["day", "name", "name_en", "is_working"]
    list_filter = ["is_working"]
    search_fields = ["name", "name_en"]
    date_hierarchy = "day"
    ordering = ["-day"]
    fields = ["day", "name", "name_en", "is_working"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request.user, MANAGE_STAFF)
