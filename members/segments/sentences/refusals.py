"""Why a change of a segment is refused, and what failed, in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.segments.change.refusals import Refusal
from members.segments.keeping.failures import DATA, RULE

REFUSALS: dict[str, Promise] = {
    Refusal.NO_NAME: _("Enter a name (up to %(most)d characters) and a purpose of up to %(most_why)d."),
    Refusal.NAME_TAKEN: _("A segment named “%(name)s” already exists."),
    Refusal.TOO_MANY: _("There are already %(most)d segments. Delete one first."),
    Refusal.CHANGED_MEANWHILE: _(
        "This segment was just changed or deleted by someone else. Reload the page."
    ),
    Refusal.KIND_STAYS: _("The type of a segment cannot be changed."),
    Refusal.LATER: _("Choose a day that is not in the future."),
    Refusal.IN_USE: _("“%(name)s” is in use and cannot be deleted: %(users)s."),
    Refusal.NAMES_DELETED: _("The rule refers to a deleted segment. Restore that segment first."),
    Refusal.NOT_DELETED: _("This can no longer be undone."),
    Refusal.NO_IDS: _("No member was found in the file. Nothing was changed. %(named)s"),
    Refusal.TOO_LARGE: _("The file is larger than %(most)d MB. Split it."),
    Refusal.UNREADABLE: _("This file cannot be read. Upload a CSV in UTF-8 or GB18030."),
}
FAILURES: dict[str, Promise] = {
    RULE: _("The rule uses a field or value that no longer exists. Edit the rule."),
    DATA: _(
        "Some values could not be evaluated. The segment is retried nightly; you can also edit the rule."
    ),
}
