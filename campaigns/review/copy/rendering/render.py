"""Render a version for one recipient: strict, typed, without code."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.html import escape, urlize
from django.utils.safestring import mark_safe
from liquid.exceptions import LiquidError

from campaigns.review.copy.errors import CopyRefused, Refusal
from campaigns.review.copy.rendering.template import Template, parse
from campaigns.review.copy.rendering.variables import Variable, read_variables, value_of


class Content(Protocol):
    """What is rendered: a CopyVersion, or a text that is still written."""

    @property
    def channel(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def body(self) -> str: ...
    @property
    def variables(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True)
class Rendered:
    """What a recipient gets. `sha256` (hex) is of channel, subject and text; a message stores it."""

    channel: str
    subject: str
    text: str

    @property
    def sha256(self) -> str:
        content = json.dumps([self.channel, self.subject, self.text], ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()

    @property
    def html(self) -> str:
        """The text for e-mail: escaped, addresses linked, a paragraph for each block of lines."""
        blocks = escape(self.text).split("\n\n")
        paragraphs = (urlize(block, nofollow=True).replace("\n", "<br>") for block in blocks)
        return mark_safe("".join(f"<p>{block}</p>" for block in paragraphs))  # noqa: S308 - escaped above


@dataclass(frozen=True)
class Parsed:
    """The templates of a content with its variables."""

    subject: Template
    body: Template
    variables: Mapping[str, Variable]


def parse_content(content: Content) -> Parsed:
    """Raises CopyRefused for a template or a declaration that is not allowed, or a variable without use."""
    variables = read_variables(content.variables)
    subject, body = parse(content.subject, variables), parse(content.body, variables)
    for name in variables:
        if name not in subject.uses | body.uses:
            raise CopyRefused(Refusal.UNUSED_VARIABLE, name=name)
    return Parsed(subject, body, variables)


class Renderer:
    """Renders one content for many recipients; its templates are parsed once. Raises as parse_content."""

    def __init__(self, content: Content) -> None:
        parsed = parse_content(content)
        self.channel, self.language, self.variables = content.channel, content.language, parsed.variables
        self._subject, self._body = parsed.subject.liquid(), parsed.body.liquid()

    def render(self, values: Mapping[str, Any]) -> Rendered:
        """The content with these values, by the names of its variables.

        Raises CopyRefused for a value that is missing or not of its type, and for what gets too long.
        """
        written = {}
        for name, variable in self.variables.items():
            if values.get(name) is None:
                raise CopyRefused(Refusal.VALUE_MISSING, name=name)
            written[name] = value_of(variable, values[name], self.language)
        try:
            return Rendered(self.channel, self._subject.render(written), self._body.render(written))
        except LiquidError as error:
            raise CopyRefused(Refusal.TOO_LONG_RENDERED) from error


def render(content: Content, values: Mapping[str, Any]) -> Rendered:
    """The content for one recipient, as Renderer does it."""
    return Renderer(content).render(values)
