"""Page tokens: the values of the last row of a page, written into the address of the next page."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from crm.web.ids import BIGGEST
from crm.web.responses import BadQuery

_LONGEST = 400  # characters of a token


def parse_instant(text: str) -> datetime:
    """An aware instant that the database can hold, whatever its zone. Raises ValueError."""
    at = datetime.fromisoformat(text)
    if not 1 < at.year < 9999:
        raise ValueError(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def parse_amount(text: str) -> Decimal:
    """A finite decimal. Raises ValueError."""
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not value.is_finite() or abs(value) >= Decimal(10) ** 18:
        raise ValueError(text)
    return value


def parse_integer(text: str) -> int:
    """An integer that fits a bigint column. Raises ValueError."""
    value = int(text)
    if abs(value) > BIGGEST:
        raise ValueError(text)
    return value


def write_token(*values: Any) -> str:
    """Values of a row as text for an address; None stays None."""
    plain = [None if value is None else _as_text(value) for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def _as_text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def read_token(token: str, *parsers: Callable[[str], Any]) -> list[Any]:
    """The values of a token, each parsed by its parser (None stays None). Raises BadQuery."""
    try:
        if len(token) > _LONGEST:
            raise ValueError("too long")
        values = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        if not isinstance(values, list) or len(values) != len(parsers):
            raise ValueError("other values than expected")
        pairs = zip(values, parsers, strict=True)
        return [None if value is None else parse(_text(value)) for value, parse in pairs]
    except (ValueError, binascii.Error, RecursionError, OverflowError) as error:
        raise damaged_token() from error


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise ValueError("not a text")
    return value


def damaged_token() -> BadQuery:
    """The error for a token that the list did not write."""
    return BadQuery(_("This link is not valid. Start again from the first page."))
