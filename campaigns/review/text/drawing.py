"""The text with its findings, and the difference, as HTML: a template would add blanks."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from campaigns.review.text.difference import GONE, NEW, Change
from campaigns.review.text.marked import Piece

_LIQUID = '<span class="liquid">{}</span>'
_MARK = '<a class="mark" data-severity="{}" data-mark="{}" href="#finding-{}">{}{}</a>'
_NUMBER = '<sup class="number" id="mark-{}" data-severity="{}">{}</sup>'
_CHANGED = {GONE: "<del>{}</del>", NEW: "<ins>{}</ins>"}
_SAME = '<span class="same">{}</span>'


def draw_pieces(pieces: Iterable[Piece]) -> SafeString:
    """The text, sign for sign; what a finding lies on leads to it, and its number stands where it ends."""
    return format_html_join("", "{}", ((_piece(one),) for one in pieces))


def draw_changes(changes: Iterable[Change]) -> SafeString:
    """What was taken out struck through, what was put in underlined."""
    drawn = ((format_html(_CHANGED.get(one.kind, _SAME), one.text),) for one in changes)
    return format_html_join("", "{}", drawn)


def _piece(piece: Piece) -> SafeString | str:
    text = format_html(_LIQUID, piece.text) if piece.is_liquid else piece.text
    if not piece.severity:
        return text
    numbers = format_html_join("", _NUMBER, ((one.number, one.severity, one.number) for one in piece.ends))
    return format_html(_MARK, piece.severity, piece.number, piece.number, text, numbers)
