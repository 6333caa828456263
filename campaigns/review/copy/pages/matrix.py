"""The matrix of stages and themes: where approved copy is missing."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from campaigns.review.models import CopyLanguage, Theme
from campaigns.review.permissions import SEE_COPY, WRITE_COPY
from crm.runtime import clock
from crm.runtime.sql_files import sql_beside
from crm.staff.permissions import allowed, may
from crm.web.responses import StaffRequest, render_page
from members.lifecycle.models import Stage

sql = sql_beside(__file__)


@dataclass(frozen=True)
class Cell:
    """Pieces of copy of a stage and theme: those that can be sent by language, and those on their way."""

    stage: Stage
    theme: Theme
    sendable: int = 0
    chinese: int = 0
    english: int = 0
    under_review: int = 0
    drafts: int = 0

    @property
    def is_gap(self) -> bool:
        """Whether members of this stage cannot be told anything of this theme, in one of the languages."""
        return not (self.chinese and self.english)

    @property
    def address(self) -> str:
        return f"{reverse('copies')}?{urlencode({'stage': self.stage, 'theme': self.theme})}"


@allowed(SEE_COPY)
@require_safe
def matrix_page(request: StaffRequest) -> HttpResponse:
    """Every stage by every theme."""
    with connection.cursor() as cursor:
        cursor.execute(sql("matrix"), {"now": clock.now()})
        found = {(row[0], row[1]): row[2:] for row in cursor.fetchall()}
    rows = [
        (stage, [Cell(stage, theme, *found.get((stage.value, theme.value), ())) for theme in Theme])
        for stage in Stage
    ]
    context = {
        "themes": list(Theme),
        "rows": rows,
        "gaps": sum(cell.is_gap for _stage, cells in rows for cell in cells),
        "languages": list(CopyLanguage),
        "may_write": may(request.user, WRITE_COPY),
    }
    return render_page(request, "review/copy/matrix.html", context)
