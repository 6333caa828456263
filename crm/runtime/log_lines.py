"""How log lines look: one for a refusal, and no personal data in any of them.

Used by web server and worker alike (LOGGING in crm/settings.py).
"""

from __future__ import annotations

import logging
import re
from types import TracebackType
from typing import Any
from urllib.parse import quote

# Addresses are logged without what was searched for; a database tells the row beneath its message.
_QUERY = re.compile(r"(/[^\s?\"']*)\?[^\s\"']*")
_ROW = re.compile(r"(?m)^\s*(?:DETAIL|CONTEXT|QUERY|STATEMENT|LINE \d+): .*\n?(?:\s+\^\n?)?")
_NUMBER = re.compile(r"(?<![\w.])\d{11,}[Xx]?(?!\w)|[\w.+-]+@[\w-]+\.[\w.-]+")
_OURS = 500  # statuses from here on are faults of ours, but for 503: the database is away
_Failure = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class LineFormatter(logging.Formatter):
    """Without query strings, mobiles, ID numbers, e-mail addresses and rows that the database quotes."""

    def format(self, record: logging.LogRecord) -> str:
        return without_values(super().format(record))

    def formatException(self, failure: _Failure) -> str:  # noqa: N802 (logging's name)
        return _ROW.sub("", super().formatException(failure))


class RefusalFilter(logging.Filter):
    """Makes one line of a request that was refused: status, method, address, what was raised."""

    def filter(self, record: logging.LogRecord) -> bool:
        status: Any = getattr(record, "status_code", None)
        if not isinstance(status, int) or (status >= _OURS and status != 503):
            return True
        raised = record.exc_info[0] if isinstance(record.exc_info, tuple) else None
        request: Any = getattr(record, "request", None)
        where = f"{request.method} {quote(request.path)}" if request is not None else "request"
        record.msg = f"{status} {where}" + (f" ({raised.__name__})" if raised else "")
        record.args, record.exc_info, record.exc_text, record.stack_info = None, None, None, None
        return True


def without_values(text: str) -> str:
    """A log text without what may be personal."""
    return _NUMBER.sub("…", _QUERY.sub(r"\1?…", text))
