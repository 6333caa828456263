"""What runs by itself, in the administration: an entry can be switched off there."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)

from crm.staff.admin import LookUp
from crm.staff.permissions import MANAGE_STAFF, may
from crm.web.jobs.schedule import task_label, times_text

# Schedules are set in code. The package's module comes first, so that nothing registers again afterwards.
import_module("django_celery_beat.admin")
for _model in (ClockedSchedule, CrontabSchedule, IntervalSchedule, SolarSchedule, PeriodicTask):
    admin.site.unregister(_model)
# What the package calls its tables, said in one way: these go before its own translations.
PACKAGE = (gettext_noop("Periodic Tasks"), gettext_noop("periodic tasks"), gettext_noop("periodic task"))


class Switch(forms.ModelForm):
    """A line of the timetable: its switch is told by what it switches, since no label stands beside it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["enabled"].widget.attrs["aria-label"] = task_label(self.instance)


@admin.register(PeriodicTask)
class ScheduleAdmin(LookUp):
    """What runs by itself: an entry can be switched off, its app sets its times."""

    list_display = ["what", "times", "last_run_at", "enabled"]
    list_display_links = None  # the line says and switches all there is
    list_editable = ["enabled"]
    list_select_related = ["crontab"]
    fields = ["what", "times", "last_run_at", "enabled"]
    readonly_fields = ["what", "times", "last_run_at"]
    ordering = ["name"]

    def get_changelist_form(self, request: HttpRequest, **options: Any) -> Any:
        return super().get_changelist_form(request, form=Switch, **options)

    @admin.display(description=_("Scheduled task"), ordering="name")
    def what(self, task: PeriodicTask) -> str:
        return task_label(task)

    @admin.display(description=_("Time"))
    def times(self, task: PeriodicTask) -> str:
        return times_text(task.crontab)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request.user, MANAGE_STAFF)
