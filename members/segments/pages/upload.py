"""Upload the members of a list."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from crm.runtime import clock
from crm.runtime.errors import error_text
from crm.staff.permissions import allowed
from crm.web.responses import StaffRequest, render_page
from members.segments.change.id_list import read_ids
from members.segments.change.refusals import SegmentRefused
from members.segments.change.upload_list import By, How, Uploaded, upload_list
from members.segments.models import Kind, Segment
from members.segments.pages.forms import ListForm, ListUploadHandler
from members.segments.permissions import MANAGE_SEGMENTS
from members.segments.visibility import get_visible_or_404


# The file stays in memory, so the handler must be set before the token of the form is looked for.
@csrf_exempt
@allowed(MANAGE_SEGMENTS)
@require_http_methods(["GET", "POST"])
def upload_members(request: StaffRequest, segment_id: int) -> HttpResponse:
    """The form for a file of ids; sent, it says what was done and names the ids that nobody has."""
    segment = get_visible_or_404(segment_id, request.user)
    if segment.kind != Kind.LIST:
        raise Http404
    if request.method == "GET":
        return _page(request, segment, ListForm(request.user))
    handler = ListUploadHandler(request)
    request.upload_handlers = [handler]
    return _upload(request, segment, handler)


@csrf_protect
def _upload(request: StaffRequest, segment: Segment, handler: ListUploadHandler) -> HttpResponse:
    form = ListForm(request.user, request.POST)
    del form.fields["file"]  # received apart
    if not form.is_valid():
        return _page(request, segment, form, status=422)
    try:
        done = upload_list(
            segment.pk,
            read_ids(handler.data),
            how=How(form.cleaned_data["how"]),
            by=By(form.cleaned_data["by"]),
            staff=request.user,
            now=clock.now(),
        )
    except SegmentRefused as error:
        form.add_error(None, error_text(error))
        return _page(request, segment, form, status=422)
    return _page(request, segment, ListForm(request.user), done=done)


def _page(
    request: StaffRequest,
    segment: Segment,
    form: ListForm,
    *,
    done: Uploaded | None = None,
    status: int = 200,
) -> HttpResponse:
    given = {name: form[name].value() for name in ("how", "by")} if form.is_bound else None
    shown = ListForm(request.user, initial=given)
    context = {
        "segment": segment,
        "form": form,
        "fields": shown,
        "done": done,
        "back": reverse("segment", args=[segment.pk]),
    }
    return render_page(request, "segments/upload.html", context, status=status)
