"""How a stage stands in a cell: with its sub-state and the open warnings."""

from __future__ import annotations

from collections.abc import Sequence

from members.lifecycle.evaluation.bits import WARNINGS, bit_names
from members.lifecycle.models import Stage, SubState, WarningKind
from members.lifecycle.templatetags.lifecycle import stage, warning_tags

Shown = Sequence[str | None]  # stage, sub-state, the bits of warnings


def stage_html(shown: Shown) -> str:
    """For a page."""
    name, sub_state, warnings = shown
    return f"{stage(name, sub_state)} {warning_tags(int(warnings or 0))}"


def stage_text(shown: Shown) -> str:
    """For a file."""
    name, sub_state, warnings = shown
    words = [str(Stage(name).label)] if name else []
    words += [str(SubState(sub_state).label)] if sub_state else []
    words += [str(WarningKind(kind).label) for kind in bit_names(int(warnings or 0), WARNINGS)]
    return " · ".join(words)
