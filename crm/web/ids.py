"""Parse ids of URLs, query strings and forms, in one way for all.

An id is a positive bigint, written in ASCII digits without a sign or leading zeros.
"""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

BIGGEST = 2**63 - 1
_ID = re.compile(r"[1-9][0-9]{0,18}")


def parse_id(text: str) -> int:
    """The id. Raises ValueError."""
    if not _ID.fullmatch(text) or int(text) > BIGGEST:
        raise ValueError(text)
    return int(text)


def id_or_none(text: str) -> int | None:
    """The id; None for what cannot be one."""
    try:
        return parse_id(text)
    except ValueError:
        return None


class IdConverter:
    """`<id:member_id>` in a URL pattern: what is no id matches no address, and is a 404."""

    regex = _ID.pattern

    def to_python(self, text: str) -> int:
        return parse_id(text)

    def to_url(self, value: int) -> str:
        return str(value)


class IdField(forms.Field):
    """An id in a form or a query string; None where it is empty. `mark` may stand before it, as in #123."""

    default_error_messages = {"invalid": _("This is not a valid ID.")}

    def __init__(self, *, mark: str = "", **more: Any) -> None:
        super().__init__(**more)
        self.mark = mark

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        try:
            return parse_id(str(value).strip().removeprefix(self.mark))
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error
