"""Add a field to the rule that filters the list: the page that edits rules opens with a condition on it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from crm.directory.list.pages.toolbar import query_string
from crm.directory.list.request.as_rule import as_rule
from crm.directory.list.request.parse import parse
from crm.staff.models import Staff
from crm.staff.permissions import allowed
from crm.web.responses import StaffRequest
from members.profiles.links import RULE_FILTER
from members.profiles.permissions import SEE_MEMBERS
from members.rules.catalogue.fields import Field, fields_for
from members.rules.catalogue.types import Type


@allowed(SEE_MEMBERS)
@require_GET
def filter_by_field(request: StaffRequest) -> HttpResponse:
    """On to the page that edits rules, with all that filters the list and, besides, the `field` asked for.

    Back to the list where this person may not ask about it, or no page edits rules.
    Raises BadQuery on a filter or a rule that is none.
    """
    field = fields_for(request.user).get(request.GET.get("field", ""))
    page = RULE_FILTER.address()
    if field is None or not page:
        return HttpResponseRedirect(f"{reverse('members')}{query_string(request.GET, field='')}")
    asked = parse({**request.GET.dict(), "after": ""}, request.user)
    query = query_string(request.GET, **as_rule(asked, _first_condition(field, request.user)), field="")
    return HttpResponseRedirect(f"{page}{query}")


def _first_condition(field: Field, staff: Staff) -> dict[str, Any]:
    """A condition that is complete, so that the page can show it; its reader changes it."""
    match field.type:
        case Type.FLAG:
            return {"field": field.name, "op": "is", "value": True}
        case Type.SET if field.choices_for and (seen := field.choices_for(staff)):
            return {"field": field.name, "op": "has_any", "value": [seen[0].value]}
        case Type.SET:
            return {"field": field.name, "op": "not_empty"}
        case _:
            return {"field": field.name, "op": "present"}
