"""The builder of one request: the draft of the form after its step, and the rule that it writes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.runtime.errors import error_text
from crm.staff.models import Staff
from members.rules.language.errors import BadRules
from members.rules.language.json_text import read_json
from members.rules.language.parse import parse
from members.rules.language.to_json import to_json as canonical
from members.rules.language.tree import Rule
from members.segments.builder.catalogue import Catalogue
from members.segments.builder.draft.edit import edit
from members.segments.builder.draft.from_json import NotShown, from_json
from members.segments.builder.draft.read_form import read_form
from members.segments.builder.draft.to_json import Written, to_json
from members.segments.builder.draft.tree import ROOT, Group, walk
from members.segments.builder.lines.keys import KEYS
from members.segments.builder.lines.lines import GroupLine, Lines

STEP, PASTED = "do", "rule_json"  # names of the buttons, and of the field for a pasted rule
_FOCUS_ON = {"add": "find", "pick": "find", "choose": "value"}


@dataclass
class Builder:
    """A draft for one person. `stepped`: one of the builder's buttons was pressed, nothing is to be saved.

    `focus` is the place where the reader goes on, `focus_on` the part of it: "row", "find" or "value".
    `pasted` is a rule that could not be shown, with its `pasting_errors`. `strict`: what is incomplete is a
    mistake, as when the rule is saved.
    """

    staff: Staff
    root: Group = field(default_factory=Group)
    focus: str = ""
    focus_on: str = "row"
    stepped: bool = False
    pasted: str = ""
    pasting_errors: list[str] = field(default_factory=list)
    strict: bool = False
    keys = KEYS

    @cached_property
    def catalogue(self) -> Catalogue:
        return Catalogue(self.staff)

    @cached_property
    def written(self) -> Written:
        return to_json(self.root, self.catalogue)

    @cached_property
    def _judged(self) -> tuple[Rule | None, dict[str, list[str]]]:
        if self.written.data is None:
            return None, {}
        try:
            return parse(self.written.data, staff=self.staff), {}
        except BadRules as error:
            found: dict[str, list[str]] = {}
            for mistake in error.mistakes:
                found.setdefault(self.written.place_of(mistake.path), []).append(error_text(mistake))
            return None, found

    @property
    def rule(self) -> Rule | None:
        """The rule of all complete conditions; None where there is none, or a mistake in one."""
        return self._judged[0]

    @cached_property
    def errors(self) -> Mapping[str, list[str]]:
        """What is wrong in words, by place."""
        found = {place: list(words) for place, words in self._judged[1].items()}
        if self.strict:
            for place in self.written.incomplete:
                found.setdefault(place, []).append(_("Complete this condition or remove it."))
        return found

    @property
    def is_valid(self) -> bool:
        """Whether this can be saved as it is: there is a rule, and nothing is missing or wrong."""
        return self.rule is not None and not self.written.incomplete and not self.pasting_errors

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in the form."""
        return not self.root.items

    @property
    def is_complete(self) -> bool:
        """Whether nothing of the form is missing or wrong."""
        return self.is_empty or self.is_valid

    @property
    def data(self) -> dict[str, Any] | None:
        """The rule as canonical JSON values."""
        return canonical(self.rule) if self.rule is not None else None

    @property
    def json(self) -> str:
        """The rule as a text of JSON, for an address or a field."""
        return (
            json.dumps(self.data, ensure_ascii=False, separators=(",", ":"), default=str) if self.rule else ""
        )

    @property
    def indented(self) -> str:
        """The rule as JSON to be read."""
        return json.dumps(self.data, ensure_ascii=False, indent=2, default=str) if self.rule else ""

    @property
    def error_slots(self) -> list[tuple[str, str]]:
        """The id of every node in the form with what is wrong there, empty where nothing is."""
        return [
            (place.replace(".", "-"), " ".join(self.errors.get(place, ())))
            for place, _node in walk(self.root)
        ]

    @cached_property
    def lines(self) -> GroupLine:
        """The draft as the template shows it."""
        incomplete = frozenset(self.written.incomplete)
        shown = Lines(self.catalogue, self.errors, incomplete, self.focus, self.focus_on).of(self.root, ROOT)
        assert isinstance(shown, GroupLine)
        return shown


def from_form(parameters: QueryDict, staff: Staff) -> Builder:
    """The builder of a posted form, after the step of its button. Raises BadQuery."""
    builder = Builder(staff, read_form(parameters) or Group())
    pressed = parameters.get(STEP, "")
    if pressed == "paste":
        return paste(builder, parameters.get(PASTED, ""))
    if pressed:
        builder.stepped = True
        builder.focus = edit(builder.root, pressed)
        builder.focus_on = _FOCUS_ON.get(pressed.partition(":")[0], "row")
    return builder


def from_rule(data: Any, staff: Staff) -> Builder:
    """The builder of a stored rule. What cannot be shown is offered as JSON to correct."""
    builder = Builder(staff)
    try:
        builder.root = from_json(data, builder.catalogue)
    except NotShown:
        builder.pasted = json.dumps(data, indent=2, default=str)
        builder.pasting_errors = _mistakes(data, staff)
    return builder


def from_text(text: str, staff: Staff) -> Builder:
    """The builder of a rule in an address; what is no JSON is offered to be corrected."""
    try:
        return from_rule(read_json(text), staff)
    except BadRules as error:
        return Builder(staff, pasted=text, pasting_errors=[error_text(one) for one in error.mistakes])


def paste(builder: Builder, text: str) -> Builder:
    """The builder with a pasted rule in place of its draft; what cannot be shown stays as it was pasted."""
    shown = Builder(builder.staff, builder.root, stepped=True, pasted=text)
    try:
        data = read_json(text)
    except BadRules as error:
        shown.pasting_errors = [f"{one.path}: {error_text(one)}" for one in error.mistakes]
        return shown
    try:
        shown.root, shown.pasted = from_json(data, builder.catalogue), ""
        shown.focus, shown.strict = ROOT, True
    except NotShown:
        shown.pasting_errors = _mistakes(data, builder.staff)
    return shown


def _mistakes(data: Any, staff: Staff) -> list[str]:
    try:
        parse(data, staff=staff)
    except BadRules as error:
        return [f"{one.path}: {error_text(one)}" for one in error.mistakes]
    return [_("The form cannot show this rule.")]
