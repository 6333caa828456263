"""Record a new normal in a dialog on the member page; the page on which a team lead sees them."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.directory.new_normal import seen
from crm.directory.new_normal.forms import NewNormalForm
from crm.runtime import clock
from crm.runtime.errors import error_text
from crm.staff.permissions import allowed
from crm.web import formats
from crm.web.ids import parse_id
from crm.web.responses import StaffRequest, done_and_reload, render_page
from members.lifecycle.models import Standing
from members.lifecycle.new_normal import NewNormalRefused, record_new_normal
from members.lifecycle.permissions import RECORD_NEW_NORMAL, REVIEW_NEW_NORMALS
from members.profiles.models import Member


@allowed(RECORD_NEW_NORMAL)
@require_http_methods(["GET", "POST"])
def new_normal(request: StaffRequest, member_id: int) -> HttpResponse:
    """Record that a member's lower assets are here to stay."""
    if not Member.objects.visible_to(request.user).filter(pk=member_id).exists():
        raise Http404
    standing = Standing.objects.filter(pk=member_id).first()
    form = NewNormalForm(request.POST or None, initial={"preset": "home"})
    if request.method == "POST" and form.is_valid():
        try:
            record_new_normal(member_id=member_id, reason=form.reason, staff=request.user, now=clock.now())
        except NewNormalRefused as error:
            form.add_error(None, error_text(error))
        else:
            words = _("New normal recorded. The fall ends within a minute; your team lead is told.")
            return done_and_reload(request, reverse("member", args=[member_id]), words)
    context = {
        "title": _("Record new normal"),
        "form": form,
        "member_id": member_id,
        "standing": standing,
        "now": clock.now(),
    }
    status = 422 if form.errors else 200
    return render_page(request, "directory/new_normal/form.html", context, status=status)


@allowed(REVIEW_NEW_NORMALS)
@require_GET
def new_normals_page(request: StaffRequest) -> HttpResponse:
    """The new normals of the team's members, the unseen first."""
    lines = seen.lines_of(request.user, clock.now())
    context = {"lines": lines, "unseen": sum(not line.seen for line in lines)}
    return render_page(request, "directory/new_normal/new_normals.html", context)


@allowed(REVIEW_NEW_NORMALS)
@require_POST
def see_new_normals(request: StaffRequest) -> HttpResponse:
    """Mark one as seen, or all."""
    member_id, number = request.POST.get("member", ""), request.POST.get("number", "")
    which = None
    if member_id or number:
        try:
            which = parse_id(member_id), parse_id(number)
        except ValueError as error:
            raise Http404 from error
    count = seen.mark_seen(request.user, clock.now(), which)
    words = ngettext("%(count)s marked as seen.", "%(count)s marked as seen.", count)
    return done_and_reload(request, reverse("new-normals"), words % {"count": formats.number(count)})
