"""One message with its evidence: what was said, by which copy, by which verdicts, and what became of it."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from campaigns.delivery.models import Message, Verdict
from campaigns.delivery.pages.outbox import visible, why
from campaigns.delivery.pages.shown import shown_verdict
from campaigns.delivery.permissions import SEE_OUTBOX
from campaigns.review.copy.errors import CopyRefused
from campaigns.review.copy.rendering.render import Rendered, render
from campaigns.review.copy.rendering.variables import MemberField, VariableType, read_variables
from crm.staff.models import Staff
from crm.staff.permissions import allowed
from crm.staff.privacy.mask_levels import MaskLevel, mask_level, masked_value
from crm.web.responses import StaffRequest, render_page
from members.profiles.member_view import MemberView, member_views

_HIDDEN = "***"


@allowed(SEE_OUTBOX)
@require_GET
def message_page(request: StaffRequest, member_id: int, message_id: int) -> HttpResponse:
    """A message of a member whom the reader may see; personal values are masked in its text too."""
    rows = visible(Message.objects.filter(member=member_id, id=message_id), request.user)
    message = rows.select_related("copy_version__copy").first()
    views = member_views([member_id], staff=request.user, fields=("name",))
    if message is None or not views:
        raise Http404
    staff = request.user
    shows_age = mask_level("birth_date", staff) is MaskLevel.PLAIN
    numbers = [message.verdict_id, message.sent_verdict_id]
    verdicts = Verdict.objects.filter(member=member_id, id__in=[one for one in numbers if one]).order_by("id")
    context = {
        "member": views[0],
        "message": message,
        "why": why(message, shows_age=shows_age),
        "rendered": masked_rendering(message, views[0], staff),
        "verdicts": [shown_verdict(one, shows_age=shows_age) for one in verdicts],
    }
    return render_page(request, "delivery/message.html", context)


def masked_rendering(message: Message, view: MemberView, staff: Staff) -> Rendered | None:
    """The message's text with the values as this person may see them; None where that cannot be rendered."""
    version, values = message.copy_version, dict(message.values)
    for name, variable in read_variables(version.variables).items():
        if variable.field is MemberField.NAME:
            values[name] = view.name
        elif variable.kind is VariableType.LINK:
            values[name] = _HIDDEN
        elif variable.kind is VariableType.TEXT and variable.field is None:
            values[name] = masked_value("text", str(values[name]), staff) or _HIDDEN
    try:
        return render(version, values)
    except CopyRefused:
        return None
