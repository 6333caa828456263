"""The facts of an import and of an upload, as both pages show them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from crm.imports import kinds
from crm.imports.models import ImportRun, Upload
from crm.imports.pages import messages
from crm.staff.models import Staff
from crm.web.components import Fact, Text
from crm.web.formats import moment, number

LONGEST = 120  # characters of a list


def upload_facts(upload: Upload) -> list[Fact]:
    """What was sent, and how it is read."""
    separator = messages.mark_label(upload.delimiter)  # empty of a workbook, whose encoding says nothing
    return _facts(
        (_("Type"), messages.kind_label(upload.kind)),
        (_("Source system"), upload.source),
        (_("Encoding"), upload.encoding.upper() if separator else ""),
        (_("Delimiter"), separator),
        (_("Size"), messages.size(upload.size)),
    )


def run_facts(run: ImportRun, author: Staff | None) -> list[Fact]:
    """Who brought which file when, and what came with it."""
    kind = kinds.get(run.kind)
    return [
        *_facts(
            (_("Type"), messages.kind_label(run.kind)),
            (_("Source system"), run.source),
            (_("Started"), moment(run.started_at)),
            (_("Duration"), messages.speed(run)),
            (_("Encoding"), run.encoding.upper()),
            (_("Run by"), str(author) if author else ""),
            (_("Fixed since"), number(run.fixed) if run.fixed else ""),
        ),
        *(
            Fact(_("New %(label)s") % {"label": label}, number(len(codes)), more=_cut(", ".join(codes)))
            for label, codes in run.created.items()
        ),
        *_facts(
            *((label, _cut(pairs)) for label, pairs in messages.matched_words(kind, run.words)),
            (_("Blank cells"), messages.cleared(kind, run.cleared)),
            (_("Retry of"), _original(run)),
        ),
    ]


def _facts(*pairs: tuple[Text, Text]) -> list[Fact]:
    return [Fact(label, value) for label, value in pairs if value]


def _cut(text: str) -> str:
    return Truncator(text).chars(LONGEST)


def _original(run: ImportRun) -> Text:
    if not run.replay_of_id:
        return ""
    address = reverse("import-run", args=[run.replay_of_id])
    return format_html('<a href="{}">{}</a>', address, _("the rejected rows of that import"))
