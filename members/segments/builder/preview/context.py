"""What the template shows of a preview."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from members.rules.sentences.rule import sentence
from members.segments.builder.builder import Builder
from members.segments.builder.preview.preview import preview
from members.segments.builder.preview.size_words import size_words


def preview_context(builder: Builder, now: datetime) -> dict[str, Any]:
    """The sentence, the count and some members of the rule; nothing while there is no rule."""
    if builder.rule is None:
        return {}
    seen = preview(builder.rule, builder.staff, now)
    return {"sentence": sentence(builder.rule), "preview": seen, "size_words": size_words(seen.count)}
