"""What the desk's templates say of a version."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from campaigns.review.desk.page import VersionPage
from campaigns.review.desk.sentences import pages as sentences
from campaigns.review.models import CopyLanguage
from campaigns.review.text.drawing import draw_changes, draw_pieces
from crm.web import formats
from members.lifecycle.models import Stage

register = template.Library()

register.filter("marked", draw_pieces)
register.filter("changed", draw_changes)
register.filter("moment_text", formats.moment)
register.filter("time_text", formats.time_of_day)
register.filter("pack_line", sentences.pack_text)
register.filter("why_not_approved", sentences.open_findings_text)
register.filter("submitted_text", sentences.submitted_text)
register.filter("held_since", sentences.held_since_text)
register.filter("content_text", sentences.content_text)
register.filter("channel_line", sentences.channel_text)
register.filter("sms_text", sentences.sms_text)
register.filter("text_facts", sentences.text_facts)
register.filter("who_may_get", sentences.who_may_get)


@register.filter
def no_finding(page: VersionPage) -> str:
    return sentences.no_finding_text(page.version)


@register.filter
def language_tag(language: str) -> str:
    """The language of a text, as HTML names it."""
    return "zh-Hans" if language == CopyLanguage.CHINESE else language


@register.filter
def short_basis(basis: str) -> str:
    """The first laws of a basis, for one line."""
    return basis if len(basis) <= 46 else f"{basis[:45]}…"


@register.filter
def stage_names(stages: list[str]) -> str:
    """Growth, Maturity."""
    return _(", ").join(str(Stage(stage).label) for stage in stages)
