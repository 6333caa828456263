"""Tabs of the member page that apps register; the app that has the page shows them among its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from crm.runtime.extension.labels import Label, untranslated
from crm.runtime.extension.registry import Registry
from crm.staff.models import Staff
from crm.staff.permissions import Action, may, undeclared
from crm.web.responses import StaffRequest
from members.profiles.member_view import MemberView

Context = Callable[[StaffRequest, MemberView, datetime], dict[str, Any]]


@dataclass(frozen=True, eq=False)
class Tab:
    """A tab of the member page, for those who may do `action`; lower `order` comes first.

    `template` finds in `panel` what `context` gives for a member whom the reader may see. `context` is only
    asked while the tab is open and reads its own parameters of the query; the whole page may take 10 queries,
    of which the frame and the header of the page take 5. Links to the tab begin with `?tab=key`.
    """

    key: str
    label: Label
    order: int
    template: str
    context: Context
    action: Action

    def __str__(self) -> str:
        return f"{self.key} ({self.template})"


def _judge(tab: Tab) -> Iterator[str]:
    yield from undeclared(tab.action)
    yield from untranslated(tab.label)
    try:
        get_template(tab.template)
    except TemplateDoesNotExist:
        yield f"no template {tab.template!r}"


_tabs: Registry[Tab] = Registry("tab of the member page", _judge)


def register(*tabs: Tab) -> None:
    """Publish the tabs of an app (from AppConfig.ready). Raises RegisteredTwice."""
    for tab in tabs:
        _tabs.add(tab.key, tab)


def tabs_for(staff: Staff) -> list[Tab]:
    """The tabs that this person may open, in no order."""
    return [tab for tab in _tabs.values() if may(staff, tab.action)]


def keys() -> list[str]:
    """The key of every tab that is registered."""
    return list(_tabs)
