"""Where a fact came from: the source system and the import, as far as the reader may see them."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.functional import lazy
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from crm.imports.models import ImportRun
from crm.imports.permissions import IMPORT
from crm.staff.models import Staff
from crm.staff.permissions import may
from crm.staff.privacy.mask_levels import MaskLevel, mask_level
from crm.web import formats
from crm.web.components import Text

LONGEST = 40  # characters of a file name
_RUNS = ImportRun.objects.select_related("undo").only("source", "filename", "started_at", "undo__finished_at")


class Origins:
    """The origins of all facts of one page, for one reader.

    Texts are lazy: the first one rendered reads all imports asked for so far, so a page takes one query,
    whatever it shows. Ids of other systems are for readers who may see them; file names (which may contain
    anything) and links to imports for those who may import.
    """

    def __init__(self, staff: Staff) -> None:
        self._sees_ids = mask_level("outside_id", staff) is MaskLevel.PLAIN
        self._may_import = may(staff, IMPORT)
        self._wanted: set[int] = set()
        self._runs: dict[int, ImportRun] = {}
        self._lazy_text = lazy(self._text, str)

    def of(
        self, import_id: int | None, row_id: str = "", *, source: str = "", at: datetime | None = None
    ) -> Text:
        """Where a row came from, as HTML: system, id of the row there, and import; empty where not known.

        `row_id` is the stored one ("source:id"); `source` the system where it is known apart from the row;
        `at` when the row was imported, shown where its import is not known.
        """
        if import_id:
            self._wanted.add(import_id)
        return self._lazy_text(import_id, row_id, source, at)

    def _text(self, import_id: int | None, row_id: str, source: str, at: datetime | None) -> str:
        run = self._run(import_id)
        parts = [self._system(run, row_id, source)]
        if run:
            parts.append(self._import(run))
            if hasattr(run, "undo"):  # the row was changed since, so that it stayed
                parts.append(_("import undone since"))
        elif at:
            parts.append(formats.day(at))
        return format_html_join(" · ", "{}", ((part,) for part in parts if part))

    def _run(self, import_id: int | None) -> ImportRun | None:
        if unread := self._wanted - self._runs.keys():
            self._runs |= _RUNS.in_bulk(unread)
            self._wanted &= self._runs.keys()
        return self._runs.get(import_id) if import_id else None

    def _system(self, run: ImportRun | None, row_id: str, source: str) -> str:
        if not row_id:
            return source or (run.source if run else "")
        if run:
            source, outside = run.source, row_id.removeprefix(f"{run.source}:")
        else:
            source, colon, outside = row_id.partition(":")
            if not colon or not source:
                return ""
        return f"{source} {outside}".strip() if self._sees_ids else source

    def _import(self, run: ImportRun) -> str:
        values = {"day": formats.day(run.started_at)}
        if not self._may_import:
            return _("imported %(day)s") % values
        words = _("imported %(day)s (%(file)s)") % {**values, "file": Truncator(run.filename).chars(LONGEST)}
        return format_html('<a href="{}">{}</a>', reverse("import-run", args=[run.pk]), words)
