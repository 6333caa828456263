"""A page at the width of a phone, with a finger for a pointer: what cannot be hit or read."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

_CHECK = (Path(__file__).parent / "phone.js").read_text(encoding="utf-8")


def unusable(page: Page) -> list[str]:
    """What the check finds, in words, as the page is sized now; its folds are open afterwards."""
    touch = page.context.new_cdp_session(page)
    touch.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    found = page.evaluate(_CHECK)
    touch.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
    touch.detach()
    return list(dict.fromkeys(found))
