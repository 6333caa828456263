"""What stands around the rows of the list: saved views, filters with their choices, stages, the size."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.directory.list.list_members import MemberPage
from crm.directory.list.pages.counted import size_words, stage_pills
from crm.directory.list.pages.filter_choices import FilterChoices, filter_choices
from crm.directory.list.pages.more_filters import ALWAYS_SHOWN, groups_of
from crm.directory.list.request.as_rule import as_rule
from crm.directory.list.request.orders import DEFAULT, order_label, orders_for
from crm.directory.list.request.parse import ListRequest
from crm.directory.list.request.quick_filters import ANY, NONE, QUICK_FILTERS, filters_for
from crm.directory.list.saved_views import Views, address, usable_query
from crm.directory.models import SavedView
from crm.runtime import clock
from crm.staff.models import Staff
from crm.staff.permissions import REVEAL, may
from crm.staff.privacy.access_log import USUAL_SEARCHES
from crm.web.ids import id_or_none
from crm.web.permissions import EXPORT
from crm.web.responses import StaffRequest
from members.lifecycle.models import WarningKind
from members.profiles.links import RULE_FILTER
from members.profiles.member_view import may_sort_by
from members.profiles.permissions import SEARCH_PEOPLE
from members.profiles.search.personal import asked_field, field_of, needs_purpose
from members.profiles.visibility import sees_everybody
from members.rules.sentences import sentence

ALL_MEMBERS = "all"  # ?view=all: not the reader's default view
KEPT = ("view", "cols", "stage", "rule")  # parameters that no field of the form stands for


def query_string(given: QueryDict, **changes: str) -> str:
    """The query string with some parameters changed, without empty ones and the page token."""
    parameters: dict[str, Any] = {**given.dict(), **changes}
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in parameters.items() if value and name != "after"})
    return f"?{query.urlencode()}"


def toolbar(
    request: StaffRequest, page: MemberPage, views: Views, typed: Mapping[str, str]
) -> dict[str, Any]:
    """The context of all that stands around the rows. At most one query.

    `typed` is what the reader entered where the list could not be asked it: inputs show it again.
    """
    staff, asked, offers = request.user, page.request, filter_choices(request.user)
    current, ignored = _current(request.GET, asked, views, staff)
    given = query_string(request.GET)
    manager, offered = str(asked.filters.get("manager", "")), filters_for(staff)
    return {
        "filters": {
            **asked.filters,
            **typed,
            "text": asked.text,
            "sort": asked.sort or ("" if asked.text else DEFAULT),
        },
        "left_out": ignored,
        "views": _links(views, current, request.GET, staff),
        "save_address": f"{reverse('view-save')}{given}",
        "columns_address": f"{reverse('columns')}{given}",
        "assign_address": f"{reverse('assign-members')}{given}",
        "views_page": reverse("views"),
        "manager": manager,
        "chosen_manager": offers.label("manager", manager) if manager not in ("", NONE) else "",
        "export_address": f"{reverse('members-export')}{given}" if may(staff, EXPORT) else "",
        "chips": _chips(request.GET, asked, offers),
        "clear_address": f"?view={ALL_MEMBERS}" if asked.filters or asked.rule or asked.text else "",
        "may_filter_by_manager": "manager" in offered,
        "groups": groups_of(staff, {**asked.filters, **typed}, offers, _field_address(given), offered),
        "filter_address": _filter_address(request.GET, asked),
        # What is filtered by is said above the rows: only what has to be corrected opens the panel.
        "more_open": any(name not in ALWAYS_SHOWN for name in typed),
        "offers": offers,
        "kept": [(name, request.GET[name]) for name in KEPT if request.GET.get(name)],
        "warnings": [(ANY, _("With warnings")), *WarningKind.choices],
        "orders": [(name, order_label(order)) for name, order in orders_for(staff).items()],
        "may_search": may(staff, SEARCH_PEOPLE),
        "sees_names": may_sort_by("name", staff),
        **_grant(staff, page),
        "size_words": size_words(page),
        "pills": stage_pills(page.totals),
    }


def _filter_address(given: QueryDict, asked: ListRequest) -> str:
    """Where the filters of the list are edited as one rule; empty where no page edits rules."""
    page = RULE_FILTER.address()
    return f"{page}{query_string(given, **as_rule(asked))}" if page else ""


def _field_address(given: str) -> str:
    """Where a field is added to the rule of the list; empty where no page edits rules."""
    return f"{reverse('members-filter')}{given}" if RULE_FILTER.address() else ""


def _grant(staff: Staff, page: MemberPage) -> dict[str, Any]:
    """Whether the search is one that is logged, and has to be sent as such; whether it needs a purpose."""
    asked, now = page.request, clock.now()
    if asked.is_granted(now) or page.rows or not may(staff, REVEAL):
        return {"may_reveal": may(staff, REVEAL)}
    # Without a filter the list itself was the free search, and it has found nobody.
    finds_more = asked_field if asked.filters or asked.position else field_of
    if not asked.text or not finds_more(asked.text, staff):
        return {"may_reveal": True}
    purpose = needs_purpose(staff, now)
    return {"may_reveal": True, "to_grant": True, "needs_purpose": purpose, "usual_searches": USUAL_SEARCHES}


def _current(
    given: QueryDict, asked: ListRequest, views: Views, staff: Staff
) -> tuple[SavedView | None, list[str]]:
    """The open view, and the names of what is ignored of it and of the address."""
    text = given.get("view", "")
    view_id = id_or_none(text)
    current = views.by_id(view_id) if view_id else None
    ignored = set(asked.ignored)
    if current:
        ignored |= set(usable_query(current, staff)[1])
    elif text not in ("", ALL_MEMBERS):
        ignored.add("view")
    return current, sorted(ignored)


def _links(views: Views, current: SavedView | None, given: QueryDict, staff: Staff) -> list[dict[str, Any]]:
    query = {name: value for name, value in given.items() if value and name not in ("view", "after")}
    links = [
        {
            "label": _("All members") if sees_everybody(staff) else _("My members"),
            "address": f"{reverse('members')}?view={ALL_MEMBERS}",
            "current": current is None,
            "changed": False,
        }
    ]
    for view in (*views.own, *views.team):
        is_current = view == current
        links.append(
            {
                "label": view.name,
                "address": address(view, staff),
                "current": is_current,
                "shared": view.owner_id != staff.pk,
                "changed": is_current and query != usable_query(view, staff)[0],
            }
        )
    return links


def _chips(given: QueryDict, asked: ListRequest, offers: FilterChoices) -> list[dict[str, str]]:
    """The filters in use, each with the address of the list without it."""
    chips = []
    if asked.text:
        chips.append(
            {"label": _("Search"), "value": asked.text, "address": query_string(given, q="", find="")}
        )
    for name, value in asked.filters.items():
        one = QUICK_FILTERS[name]
        chips.append(
            {
                "label": str(one.label),
                "value": offers.label(name, one.display(value)),
                "address": query_string(given, **{name: ""}),
            }
        )
    if asked.rule:
        chips.append(
            {"label": _("Rule"), "value": sentence(asked.rule), "address": query_string(given, rule="")}
        )
    return chips
