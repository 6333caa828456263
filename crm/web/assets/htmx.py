"""What htmx is told on every page, before it does anything."""

from __future__ import annotations

import json
from typing import Any

CONFIG: dict[str, Any] = {
    # Its own cache of pages gone back to would keep members' data in the browser's storage.
    "historyCacheSize": 0,
    "refreshOnHistoryMiss": True,
    "historyRestoreAsHxRequest": False,
    # The content security policy allows neither code in attributes nor styles in the page.
    "allowEval": False,
    "includeIndicatorStyles": False,
    "reportValidityOfForms": True,
    "timeout": 20_000,  # milliseconds
    # A form with errors is shown again; other failures are told by js/errors.js.
    "responseHandling": [
        {"code": "204", "swap": False},
        {"code": "[23]..", "swap": True},
        {"code": "422", "swap": True},
        {"code": "[45]..", "swap": False, "error": True},
    ],
}
JSON = json.dumps(CONFIG, separators=(",", ":"))
