"""A text as pages show it: with its findings marked, and as a recipient would read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from campaigns.review.copy.rendering.render import Content, Rendered, Renderer
from campaigns.review.copy.rendering.sms import SmsLength, sms_length
from campaigns.review.models import CopyChannel, CopyFinding, CopyState, CopyVersion, FindingPart
from campaigns.review.text.difference import difference
from campaigns.review.text.drawing import draw_changes, draw_pieces
from campaigns.review.text.marked import Mark, pieces
from crm.runtime.text.local_names import reads_english

_TONES = {
    CopyState.APPROVED: "good",
    CopyState.SUBMITTED: "warn",
    CopyState.RETURNED: "warn",
    CopyState.REJECTED: "bad",
}


@dataclass(frozen=True)
class ShownFinding:
    """A finding with its number on the page and its words in the reader's language."""

    number: int
    row: CopyFinding
    why: str
    basis: str
    mend: str


@dataclass(frozen=True)
class ShownText:
    """Subject and text as HTML with marks, and the findings that these lead to."""

    subject: SafeString
    body: SafeString
    findings: Sequence[ShownFinding]


@dataclass(frozen=True)
class Preview:
    """A rendering, and for an SMS what it is billed as."""

    rendered: Rendered
    length: SmsLength | None


def show_text(content: Content, rows: Sequence[CopyFinding]) -> ShownText:
    """The template of a content with these findings, stored or not."""
    language = "en" if reads_english() else "zh"
    return ShownText(
        draw_pieces(pieces(content.subject, _marks(rows, FindingPart.SUBJECT))),
        draw_pieces(pieces(content.body, _marks(rows, FindingPart.BODY))),
        [
            ShownFinding(number, row, row.why[language], row.basis[language], row.mend[language])
            for number, row in enumerate(rows, 1)
        ],
    )


def _marks(rows: Sequence[CopyFinding], part: FindingPart) -> list[Mark]:
    return [
        Mark(number, row.severity, row.start, row.end)
        for number, row in enumerate(rows, 1)
        if row.part == part
    ]


def show_difference(before: str, after: str) -> SafeString:
    """What changed from one text to the other, as HTML."""
    return draw_changes(difference(before, after))


def preview_of(content: Content) -> Preview:
    """The content with its examples. Raises CopyRefused."""
    renderer = Renderer(content)
    values = {name: one.example_value(content.language) for name, one in renderer.variables.items()}
    return preview(renderer.render(values))


def preview(rendered: Rendered) -> Preview:
    """A rendering as it is shown."""
    is_sms = rendered.channel == CopyChannel.SMS
    return Preview(rendered, sms_length(rendered.text) if is_sms else None)


def tone_of(version: CopyVersion) -> str:
    """The colour of a version's state; a lapsed approval is none."""
    return "warn" if version.lapsed_at else _TONES.get(CopyState(version.state), "")
