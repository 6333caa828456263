"""A questionnaire to begin with: twelve questions for natural persons in both languages, without products.

In the usual manner of such questionnaires in China, in words of our own. Questions, scores, bands and limits
are an example: compliance reviews them before the first version is approved.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def ready_made() -> dict[str, Any]:
    """The values of a version: name, name_en, questions, bands, validity_months."""
    text = Path(__file__).with_suffix(".json").read_text(encoding="utf-8")
    values: dict[str, Any] = json.loads(text)
    return values
