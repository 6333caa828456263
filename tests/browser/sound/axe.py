"""What axe-core finds on an open page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

GRAVE = ["serious", "critical"]
RUN = Path(__file__).with_name("axe_run.js").read_text(encoding="utf-8")


def findings(page: Page, judged: set[str], *, colours_only: bool = False) -> list[str]:
    """Serious and critical violations, one line each, with the first elements concerned.

    The colours of what is in `judged` (kinds of elements in their places, of pages seen before) are not
    judged again; what is found sound here joins it.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    asked = {"impacts": GRAVE, "coloursOnly": colours_only, "judged": list(judged)}
    answer = page.evaluate(RUN, asked)
    if not answer["found"]:
        judged.update(answer["judged"])
    return [_line(one) for one in answer["found"]]


def _line(violation: dict[str, Any]) -> str:
    places = "; ".join(
        f"{target} ({' '.join(summary.split())[:160]})" for target, summary in violation["nodes"][:3]
    )
    return f"axe {violation['id']} ({violation['impact']}, {len(violation['nodes'])}×): {places}"
