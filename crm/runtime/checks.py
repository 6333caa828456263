"""Settings that cannot work are named at the start of every command, not at three in the morning."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.checks import Error, register

from crm.runtime import clock
from crm.runtime.calendar import parse_hours
from crm.runtime.extension.registry import problems


def _data_key() -> None:
    if len(bytes.fromhex(settings.DATA_KEY)) != 32:
        raise ValueError("not 32 bytes")


def _currency() -> None:
    code = settings.BUSINESS_CURRENCY
    if not (len(code) == 3 and code.isascii() and code.isupper()):
        raise ValueError(f"{code!r} is not a code such as CNY")


def _now() -> None:
    if settings.BUSINESS_NOW:
        clock.parse(settings.BUSINESS_NOW)


TRIALS: tuple[tuple[str, Callable[[], object], str], ...] = (
    ("BUSINESS_NOW", _now, "Use an ISO 8601 date or instant, or leave it empty."),
    ("BUSINESS_CURRENCY", _currency, "Use three capital letters (ISO 4217)."),
    (
        "WORKING_HOURS",
        lambda: parse_hours(settings.WORKING_HOURS),
        "Use spans such as 09:00-12:00,13:30-18:00.",
    ),
    ("DATA_KEY", _data_key, "Use 64 hexadecimal digits, or leave it empty on a single machine."),
)


@register
def check_registrations(**_: Any) -> list[Error]:
    """One error for each thing that apps registered and that does not fit the others."""
    return [Error(problem, id="perennial.E020") for problem in problems()]


@register
def check_environment(**_: Any) -> list[Error]:
    """One error for each variable whose value cannot be used, with its name. Never shows a key."""
    errors = []
    for number, (name, trial, hint) in enumerate(TRIALS, start=1):
        try:
            trial()
        except ValueError as error:
            why = "cannot be used" if name == "DATA_KEY" else str(error)
            errors.append(Error(f"{name}: {why}", hint=hint, id=f"perennial.E{number:03}"))
    return errors
