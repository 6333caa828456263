"""Sending a file: received encrypted, its columns matched, its first rows tried, handed to a worker."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from crm.imports import kinds
from crm.imports.errors.file_errors import SOURCE, FileRejected
from crm.imports.models import Upload, took_none
from crm.imports.options import from_json as options_from_json
from crm.imports.pages import messages
from crm.imports.pages.facts import upload_facts
from crm.imports.pages.reading_form import ReadingForm
from crm.imports.pages.receiving import CUT_OFF, receive
from crm.imports.permissions import IMPORT
from crm.imports.reading.sentences import describe, describe_skipped
from crm.imports.runs.record import AlreadyOpen
from crm.imports.tables.layout import BadColumnMapping, Layout
from crm.imports.uploads import decisions, preview
from crm.imports.uploads import upload as uploads
from crm.imports.uploads.receive import EncryptingUploadHandler
from crm.imports.vocabulary import headings
from crm.imports.vocabulary.words import word_choices
from crm.runtime import clock
from crm.staff.permissions import allowed
from crm.web.responses import StaffRequest, done, refused, render_page


class UploadForm(forms.Form):
    """What kind of file comes, from which system. The file itself is received apart."""

    kind = forms.ChoiceField(label=gettext_lazy("Type"), widget=forms.Select(attrs={"class": "input"}))
    source = forms.RegexField(
        rf"^{SOURCE.pattern}\Z",
        required=False,
        max_length=60,
        strip=True,
        label=gettext_lazy("Source system"),
        help_text=gettext_lazy(
            "The system that issued the IDs in the file. Leave empty for the platform's own IDs."
        ),
        error_messages={"invalid": gettext_lazy("Use only letters, digits, dots and hyphens.")},
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["kind"].choices = kind_choices()  # type: ignore[attr-defined]  # a choice field has them


def kind_choices() -> list[tuple[str, str]]:
    """(name, label) of each kind of file."""
    names = sorted(kinds.names(), key=lambda name: kinds.get(name).order)
    return [(name, messages.kind_label(name)) for name in names]


# The file is sealed while it is read, so the handler must be set before the token of the form is looked for.
@csrf_exempt
@allowed(IMPORT)
@require_http_methods(["GET", "POST"])
def new_import(request: StaffRequest) -> HttpResponse:
    """The form to send a file with; sent, it leads to the columns of the file."""
    if request.method == "GET":
        return _form(request, UploadForm())

    def refuse(words: Promise, status: int) -> HttpResponse:
        return _form(request, UploadForm(), str(words), status=status)

    return receive(request, _receive, refuse)


@csrf_protect
def _receive(request: StaffRequest, handler: EncryptingUploadHandler) -> HttpResponse:
    form = UploadForm(request.POST)
    file = handler.received
    if file is None:
        return _form(request, form, str(CUT_OFF) if handler.begun else _("Choose a file."))
    if file.too_large:
        limit = messages.size(settings.UPLOAD_LIMIT)
        return _form(
            request,
            form,
            _("The file is larger than %(limit)s. Split or compress it.") % {"limit": limit},
        )
    if "whole" not in request.POST:  # the form's last field, which comes after the file
        return _form(request, form, str(CUT_OFF))
    if not form.is_valid():
        return _form(request, form)
    now = clock.now()
    try:
        with transaction.atomic():  # an upload whose preview fails was none
            upload = uploads.create_upload(
                file=file.sealed,
                filename=file.name or "",
                size=file.size or 0,
                kind=kinds.get(form.cleaned_data["kind"]),
                source=form.cleaned_data["source"],
                staff_id=request.user.pk,
                now=now,
            )
            preview.preview_rows(upload, now=now)
    except FileRejected as error:
        return _form(request, form, error.reason.said())
    handler.keep()
    return HttpResponseRedirect(reverse("import-upload", args=[upload.pk]))


def _form(request: HttpRequest, form: UploadForm, fault: str = "", *, status: int = 422) -> HttpResponse:
    if not (fault or form.errors):
        status = 200
    context = {
        "form": form,
        "fault": fault,
        "limit": messages.size(settings.UPLOAD_LIMIT),
        "templates": kind_choices(),
    }
    return render_page(request, "imports/uploads/new.html", context, status=status)


@allowed(IMPORT)
@require_http_methods(["GET", "POST"])
def upload_page(request: StaffRequest, upload_id: int) -> HttpResponse:
    """Which column is which, and what the first rows would become; from here the file goes in."""
    upload = get_object_or_404(Upload, pk=upload_id)
    if upload.removed_at:
        return refused(request, reverse("imports"), _("The file is no longer stored. Upload it again."))
    if request.method == "GET":
        return _show(request, upload)
    now, wish = clock.now(), request.POST.get("do", "")
    if wish == "forget":
        if uploads.delete_file(upload, now=now):
            return done(request, reverse("imports"), _("File deleted."))
        return refused(request, reverse("imports"), _("The import is running. Stop it first."))
    form = ReadingForm(upload, request.POST)
    if not form.is_valid():
        return _show(request, upload, form=form)
    before = options_from_json(upload.options)
    found = upload.trial.get("values", {})
    decided = form.decided() | decisions.read_form(kinds.get(upload.kind), request.POST, found, before)
    if decided.get("blanks") == "clear" and not before.clears:
        wish = "check"  # how much would be cleared is shown first
    try:
        uploads.decide(upload, chosen_columns(upload, request.POST), decided, now=now)
    except BadColumnMapping as bad:
        return _show(request, upload, bad)
    except FileRejected as error:
        upload.refresh_from_db()
        return _show(request, upload, fault=error.reason.said())
    if wish not in ("dry", "import"):
        return _tried(request, upload)
    try:
        run = uploads.start(upload, dry_run=wish == "dry", staff_id=request.user.pk, now=now)
    except AlreadyOpen:
        return refused(request, request.path, _("This file is already being imported."))
    return HttpResponseRedirect(reverse("import-run", args=[run.pk]))


def _tried(request: StaffRequest, upload: Upload) -> HttpResponse:
    try:
        preview.preview_rows(upload, now=clock.now())
    except FileRejected as error:
        return refused(request, reverse("imports"), error.reason.said())
    return HttpResponseRedirect(request.path)


def chosen_columns(upload: Upload, sent: Any) -> list[str]:
    """Our column for each heading as the form has it; what it does not show stays, one more may be named."""
    known = kinds.get(upload.kind).mappable
    columns = []
    for place, before in enumerate(upload.columns):
        name = sent.get(f"column-{place}", before)
        columns.append(name if name in known else "")
    more, meant = sent.get("more-heading", "").strip(), sent.get("more-column", "")
    if more in upload.header and meant in known:
        columns[upload.header.index(more)] = meant
    return columns


def _show(
    request: HttpRequest,
    upload: Upload,
    bad: BadColumnMapping | None = None,
    *,
    form: ReadingForm | None = None,
    fault: str = "",
) -> HttpResponse:
    layout, found = uploads.layout_of(upload), upload.trial
    kind = layout.kind
    if bad is None:
        try:
            layout.check()
        except BadColumnMapping as unfit:
            bad = unfit
    places = uploads.shown_places(upload.columns)
    context = {
        "upload": upload,
        "facts": upload_facts(upload),
        "columns": [_column(upload, place, bad, found.get("rows", [])) for place in places],
        "hidden": len(upload.header) - len(places),
        "headings": upload.header if len(upload.header) > len(places) else [],
        "choices": [
            (name, headings.label(kind, name), name in kind.by_name and kind.by_name[name].required)
            for name in kind.mappable
        ],
        "form": form or ReadingForm(upload),
        "fault": fault,
        "sentences": [
            *describe(layout, upload.table_line),
            *describe_skipped(found.get("skipped", {})),
        ],
        "missing": [headings.label(kind, name) for name in bad.missing] if bad else [],
        "twice": [headings.label(kind, name) for name in bad.twice] if bad else [],
        **_sample(layout, places, found),
        "tried": messages.result(found["counts"]) if "counts" in found else "",
        "none": "counts" in found and took_none(found["counts"]),
        "deferred": found.get("counts", {}).get("deferred", 0),
        "failed": found.get("failed", ""),
        "faults": messages.faults(kind, found.get("faults", [])),
        "shown": messages.shown(kind, found.get("shown", [])),
        "ready": bad is None,
        "values": _values(kind, upload),
    }
    wrong = request.method == "POST" and (bad or fault or form)
    return render_page(request, "imports/uploads/upload.html", context, status=422 if wrong else 200)


def _values(kind: kinds.Kind, upload: Upload) -> dict[str, Any]:
    """What the page asks and says about the values of a file."""
    options, found = options_from_json(upload.options), upload.trial.get("values", {})
    return {
        "dates": options.dates or found.get("first", ""),
        "ask_dates": bool(found.get("dates") or options.dates),
        "either": found.get("dates", 0),
        "serials": [
            (name, headings.label(kind, name), name in options.serials) for name in found.get("serials", [])
        ],
        "nothing": found.get("nothing", []),
        "nothing_is_empty": options.nothing_is_empty,
        "words": [
            (number, headings.label(kind, name), word, ours, word_choices(kind, name))
            for number, (name, word, ours) in enumerate(found.get("words", []))
            if name in kind.by_name
        ],
        "clears": options.clears,
        "cleared": messages.cleared(kind, upload.trial.get("cleared", {})),
    }


def _column(upload: Upload, place: int, bad: BadColumnMapping | None, rows: list[Any]) -> dict[str, Any]:
    """One column of the file in the table that maps it."""
    name = upload.columns[place]
    samples = [value for _line, values in rows[:3] if (value := values[place])]
    return {
        "place": place,
        "heading": upload.header[place],
        "chosen": name,
        "twice": bool(bad and name in bad.twice),
        "samples": samples,
    }


def _sample(layout: Layout, places: list[int], found: dict[str, Any]) -> dict[str, Any]:
    """The first rows as a table: (heading, what it means) of each column, and (line, values) of each row."""
    own = len(layout.own)
    table = [
        (layout.headings[place], headings.label(layout.kind, name) if (name := layout.columns[place]) else "")
        for place in places
    ]
    table += [(name, headings.label(layout.kind, name)) for name in layout.header[own:]]
    columns = [*places, *range(own, len(layout.header))]
    rows = [
        (line, [values[at] for at in columns if at < len(values)]) for line, values in found.get("rows", [])
    ]
    return {"table": table, "rows": rows}
