"""The browser behind a session: named on pages, and noticed when a session is used from another one."""

from __future__ import annotations

import hashlib

BROWSERS = (("Edg", "Edge"), ("MicroMessenger", "WeChat"), ("Firefox", "Firefox"), ("Chrom", "Chrome"))
SYSTEMS = (
    ("Windows", "Windows"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def browser_of(agent: str) -> str:
    """ "Chrome · Windows" of a browser's own long name; empty where it says nothing known."""
    browser = next((name for mark, name in (*BROWSERS, ("Safari", "Safari")) if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return " · ".join(filter(None, (browser, system)))


def mark_of(agent: str) -> str:
    """A short mark of a browser's own long name, to be kept in its session."""
    return hashlib.sha256(agent.encode(errors="replace")).hexdigest()[:16]
