"""Members whose evaluation failed: named on the jobs page, and evaluated again by hand."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from crm.staff.models import Staff
from crm.staff.permissions import allowed
from crm.web import formats
from crm.web.jobs.attention import Attention, Item
from crm.web.permissions import SEE_JOBS
from crm.web.responses import StaffRequest
from members.lifecycle.models import EvaluationFailure
from members.lifecycle.recording.failures import retry
from members.lifecycle.sentences.failure import failure_reason
from members.profiles.links import MEMBER
from members.profiles.member_view import member_views

SHOWN = 20


def failed_members(staff: Staff) -> Attention:
    """The latest failures that this person may see, by name. Two queries."""
    rows = EvaluationFailure.objects.order_by("-failed_at", "member_id")[:SHOWN]
    latest = {row.member_id: row for row in rows}
    views = {view.id: view for view in member_views(list(latest), staff=staff, fields=("name",))}
    items = [
        Item(views[key].name, MEMBER.address(key), failure_reason(row), row.failed_at)
        for key, row in latest.items()
        if key in views
    ]
    return Attention(_("Members whose stage could not be updated"), items, reverse("retry-failed-members"))


@allowed(SEE_JOBS)
@require_POST
def retry_failed_members(request: StaffRequest) -> HttpResponse:
    """Evaluate all failed members again with the next run, within a minute."""
    count = retry()
    words = ngettext("Retrying %(count)s member.", "Retrying %(count)s members.", count)
    messages.success(request, words % {"count": formats.number(count)})
    return HttpResponseRedirect(reverse("jobs"))
