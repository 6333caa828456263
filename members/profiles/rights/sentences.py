"""The rights of members in words: why a step is refused, and what an erasure does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.staff.models import Request
from crm.web import formats
from members.profiles.member_view import member_number
from members.profiles.rights import desk, erase
from members.profiles.rights.kept import label_of

Line = tuple[str | Promise, str, str]  # what changes, before, after
ERASURE_KIND = gettext_lazy("Erasure of personal data")

REFUSALS: dict[str, Promise] = {
    desk.Refusal.NO_WORDS: gettext_lazy("Enter what was asked or answered."),
    desk.Refusal.NOT_VERIFIED: gettext_lazy("Enter how the identity was verified."),
    desk.Refusal.IN_THE_FUTURE: gettext_lazy("A request cannot be received in the future."),
    desk.Refusal.ANSWERED: gettext_lazy(
        "Someone else answered this request. Reload the page to see the answer."
    ),
    desk.Refusal.NOT_ERASED: gettext_lazy(
        "The data are not erased yet. Propose the erasure and have it approved first."
    ),
    erase.Refusal.NOT_FOUND: gettext_lazy("Member not found."),
    erase.Refusal.ERASED: gettext_lazy("The data of this member were erased already."),
}


def erasure_summary(request: Request) -> str:
    """Whose data are to be erased."""
    return _("Erase the personal data of member %(member)s") % {
        "member": member_number(request.proposal["member"])
    }


def erasure_lines(request: Request) -> Sequence[Line]:
    """What goes, and what stays sealed until when."""
    kept = request.diff["kept"][1]
    lines: list[Line] = [
        (_("Contact data, profile and behaviour"), _("stored"), _("erased")),
        (_("Consents"), "", _("all withdrawn; addresses stay suppressed by their hash")),
    ]
    for key, until in kept:
        day = formats.day(date.fromisoformat(until))
        lines.append((label_of(key), _("in use"), _("sealed until %(day)s") % {"day": day}))
    if not kept:
        lines.append((_("Kept by law"), "", _("nothing")))
    return lines
