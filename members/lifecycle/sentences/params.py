"""Parameters of reasons in the reader's form, by name: the same name has the same unit everywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from crm.web import formats
from members.lifecycle.models import WarningKind


def _warnings(kinds: Iterable[str]) -> str:
    return _(", ").join(str(WarningKind(kind).label) for kind in kinds)


_FORMATS: dict[str, Callable[[Any], str]] = {
    "aum": formats.money,
    "day": formats.day,
    "days": formats.days,
    "limit": formats.money,
    "missing": formats.money,
    "peak": formats.money,
    "warnings": _warnings,
}


def formatted(params: Mapping[str, Any]) -> dict[str, str]:
    """The parameters as text. Raises KeyError on a name that has no form yet."""
    return {name: _FORMATS[name](value) for name, value in params.items()}


def capitalised(text: str) -> str:
    """The text with its first letter in upper case."""
    return text[:1].upper() + text[1:]
