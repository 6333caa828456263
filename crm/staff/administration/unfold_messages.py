"""Words of django-unfold, which has no Chinese: named here, they are translated with our own."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

WORDS = (
    _("Add new item"),
    _("Add row"),
    _("All applications"),
    _("Apply Filters"),
    _("Choose file to upload"),
    _("Go back"),
    _("Loading more results..."),
    _("No recent searches"),
    _("No results found"),
    _("No results matching your query"),
    _("Recent searches"),
    _("Reset filters"),
    _("Return to site"),
    _("Search apps and models..."),
    _("Select all rows"),
    _("This item will be deleted."),
    _("This object doesn't have a change history."),
    _("This page yielded into no results. Create a new item or reset your filters."),
    _("Type to search"),
    _("Toggle password visibility"),
    _("More actions"),
    _("Record picture"),
    _("True"),
    _("False"),
    _("Collapse"),
    _("Expand row"),
    _("Not enough data."),
)
