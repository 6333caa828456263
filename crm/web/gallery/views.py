"""/gallery/: every component in every state, with made-up data, for whoever builds or judges a page."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST, require_safe

from crm.staff.permissions import allowed
from crm.web.components import tabs
from crm.web.gallery import samples
from crm.web.notices import Level, Undo
from crm.web.permissions import SEE_GALLERY
from crm.web.responses import StaffRequest, done, refused, render_page, wants_part

SECTIONS = (
    ("colours", gettext_lazy("Colours")),
    ("scales", gettext_lazy("Type and spacing")),
    ("words", gettext_lazy("Text and numbers")),
    ("buttons", gettext_lazy("Buttons")),
    ("cards", gettext_lazy("Cards")),
    ("lists", gettext_lazy("Lists")),
    ("forms", gettext_lazy("Forms")),
    ("feedback", gettext_lazy("Notices and progress")),
    ("charts", gettext_lazy("Charts")),
    ("navigation", gettext_lazy("Navigation")),
)


@allowed(SEE_GALLERY)
@require_safe
def gallery_page(request: StaffRequest) -> HttpResponse:
    """All of them; htmx gets the part a sample asks for: more rows, or another tab."""
    context = {
        "sections": [(key, label, f"web/gallery/{key}.html") for key, label in SECTIONS],
        "now": samples.AT,
        "nothing": None,
        "stages": samples.STAGES,
        "month": samples.MONTH,
        "page": samples.rows(request.GET.get("after", "")),
        "tabs": tabs(
            [("reasons", _("Why this stage")), ("assets", _("Assets")), ("events", _("Timeline"))],
            request.GET.get("tab", ""),
            counts={"events": 128},
        ),
    }
    if wants_part(request):
        part = "web/gallery/lists.html" if "after" in request.GET else "web/gallery/navigation.html"
        return render_page(request, part, context, part="rows" if "after" in request.GET else "tabs")
    context |= samples.colours() | {
        "charts": samples.drawings(),
        "facts": samples.facts(),
        "changes": samples.CHANGES,
        "progresses": samples.progresses(),
        "form": samples.SampleForm(),
        "wrong": samples.SampleForm({"name": "", "days": "900", "stage": "growth"}, auto_id="wrong_%s"),
        "evidence": [
            (_("Assets"), _("fell by 41% within 14 days"), _("threshold 30% · policy v7")),
            (_("Activity"), _("last login 21 days ago"), _("threshold 21 days")),
        ],
        "levels": [
            (Level.INFO, _("Stopping after the current batch.")),
            (Level.WARNING, _("%(taken)s imported; %(waiting)s still to fix.") % {"taken": 12, "waiting": 3}),
            (Level.ERROR, _("Cannot reach the server.")),
        ],
        "chips": [
            {"label": _("Stage"), "value": _("Decline"), "address": "?"},
            {"label": _("Open warnings"), "value": "", "address": "?"},
        ],
        "views": [
            {"label": _("My members"), "address": "?", "current": True, "changed": True},
            {"label": _("High assets, at risk"), "address": "?", "shared": True},
        ],
    }
    return render_page(request, "web/gallery/gallery.html", context)


@allowed(SEE_GALLERY)
@require_GET
def dialog_page(request: StaffRequest) -> HttpResponse:
    """A dialog; without htmx, the page it is."""
    form = samples.SampleForm(auto_id="dialog_%s")  # the page beneath has its own ids
    return render_page(request, "web/gallery/dialog.html", {"title": _("Save view"), "form": form})


@allowed(SEE_GALLERY)
@require_GET
def peek_page(request: StaffRequest, number: int) -> HttpResponse:
    """What a row shows beside the list; without htmx, the page it is."""
    context = {"title": samples.NAMES[number % 8], "facts": samples.facts(), "number": number}
    return render_page(request, "web/gallery/peek.html", context)


@allowed(SEE_GALLERY)
@require_GET
def progress_part(request: StaffRequest, step: int) -> HttpResponse:
    """One poll of the sample of a progress: each is a step further, the last one ends it."""
    if not wants_part(request):
        return HttpResponseRedirect(reverse("gallery") + "#feedback")
    return render_page(request, "web/progress.html", {"progress": samples.progress(step + 1)})


@allowed(SEE_GALLERY)
@require_POST
def notice(request: StaffRequest) -> HttpResponse:
    """A notice that can be undone; undoing it gives a notice that cannot. Or a refusal."""
    back = reverse("gallery") + "#feedback"
    if request.POST.get("undo"):
        return done(request, back, _("Undone."))
    if request.POST.get("refuse"):
        return refused(
            request, back, _("You already have a view named “%(name)s”.") % {"name": _("My members")}
        )
    undo = Undo(reverse("gallery-notice"), {"undo": "1"})
    return done(request, back, _("Snoozed until tomorrow."), undo=undo)
