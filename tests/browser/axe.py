"""What axe-core finds on an open page."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

GRAVE = {"serious", "critical"}
# Only colours differ between light and dark.
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
RUN = """async (options) => (await axe.run(document, options)).violations.map(({id, impact, nodes}) => ({
  id, impact, nodes: nodes.map(({target, failureSummary}) => [target.join(" "), failureSummary]) }))"""


def findings(page: Page, *, colours_only: bool = False) -> list[str]:
    """Serious and critical violations, one line each, with the first elements concerned."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options: dict[str, Any] = {"resultTypes": ["violations"]} | (COLOURS if colours_only else {})
    found = page.evaluate(RUN, options)
    return [_line(one) for one in found if one["impact"] in GRAVE]


def _line(violation: dict[str, Any]) -> str:
    places = "; ".join(
        f"{target} ({' '.join(summary.split())[:160]})" for target, summary in violation["nodes"][:3]
    )
    return f"axe {violation['id']} ({violation['impact']}, {len(violation['nodes'])}×): {places}"
