"""Why an assignment of members is refused, in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.profiles.book import AssignmentRefusal

ERRORS: dict[str, Promise] = {
    AssignmentRefusal.NOT_A_MANAGER: _("Choose an active relationship manager or team lead."),
    AssignmentRefusal.REASON_MISSING: _("Enter a note of at least %(count)d characters."),
    AssignmentRefusal.NOT_IN_TEAM: _("You can only assign members to managers of your own team."),
    AssignmentRefusal.NOT_VISIBLE: _(
        "Some of these members are no longer in your team's books. Nothing was changed."
    ),
    AssignmentRefusal.NOT_UNDONE: _(
        "This assignment was already undone, or one of the members has been reassigned since."
    ),
    AssignmentRefusal.CHANGED: _(
        "Someone else has reassigned one of these members in the meantime. Nothing was changed; review again."
    ),
}
