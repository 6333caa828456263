"""Create a copy, and change what it is about."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaigns.review.copy.errors import CopyRefused, Refusal
from campaigns.review.copy.pages.copies import get_copy_or_404
from campaigns.review.copy.pages.forms import AboutForm
from campaigns.review.copy.write import create_copy, update_copy
from campaigns.review.models import Copy
from campaigns.review.permissions import WRITE_COPY
from crm.runtime import clock
from crm.runtime.errors import error_text
from crm.staff.permissions import allowed
from crm.web.responses import StaffRequest, render_page

_FIELDS = {
    Refusal.CODE_TAKEN: "code",
    Refusal.PRODUCT_NEEDED: "product",
    Refusal.PRODUCT_NOT_ALLOWED: "product",
}


@allowed(WRITE_COPY)
@require_http_methods(["GET", "HEAD", "POST"])
def new_copy(request: StaffRequest) -> HttpResponse:
    """The form of a new copy; `?stage=` and `?theme=` fill a gap of the matrix."""
    return _answer(request, None)


@allowed(WRITE_COPY)
@require_http_methods(["GET", "HEAD", "POST"])
def change_copy(request: StaffRequest, code: str) -> HttpResponse:
    """The form of a copy that there is."""
    return _answer(request, get_copy_or_404(code))


def _answer(request: StaffRequest, copy: Copy | None) -> HttpResponse:
    if request.method != "POST":
        form = AboutForm(copy=copy, initial=_initial(request, copy))
        return render_page(request, "review/copy/about.html", {"form": form, "copy": copy})
    form = AboutForm(request.POST, copy=copy, initial=_initial(request, copy))
    if form.is_valid():
        try:
            if copy is None:
                copy = create_copy(form.about(), maker=request.user, now=clock.now())
                messages.success(request, _("Copy created. Write its first version."))
            else:
                update_copy(copy, form.about(), staff=request.user)
                messages.success(request, _("Changes saved."))
            return HttpResponseRedirect(reverse("copy", args=[copy.code]))
        except CopyRefused as error:
            form.add_error(_FIELDS.get(Refusal(error.code)), error_text(error))
    return render_page(request, "review/copy/about.html", {"form": form, "copy": copy}, status=422)


def _initial(request: StaffRequest, copy: Copy | None) -> dict[str, object]:
    if copy is None:
        return {"theme": request.GET.get("theme", ""), "stages": [request.GET.get("stage", "")]}
    names = ("code", "name", "name_en", "purpose", "product", "theme", "stages")
    return {name: getattr(copy, name) for name in names}
