"""The browser of a process: started by the first test that wants it, used by all, with a context for each."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

# The first starts fastest; it is the same engine without what only people at a screen need.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
# A page's own window costs more than the page: Chromium draws the suggestions of its address bar as two pages
# beside each. The last flag of a kind counts, so what Playwright switches off for tests stands here too.
WITHOUT = (
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup",
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding",
    "ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints",
    "NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch",
)  # fmt: skip
PATIENCE = 20_000  # milliseconds in which a busy machine does whatever is waited for
FLAGS = ["--no-sandbox", "--disable-gpu", f"--disable-features={','.join(WITHOUT)}"]
# The console tells most refusals of the content policy; the event tells all of them.
WATCH_POLICY = """addEventListener("securitypolicyviolation", (event) =>
  console.error(`content policy: ${event.violatedDirective} ${event.blockedURI}`))"""


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    """The system's Chromium. Its event loop stands in this thread; the ORM is told to bear that."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.skip("no Chromium on this machine")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@contextmanager
def opened(chrome: Browser, url: str, **options) -> Iterator[tuple[Page, list[str]]]:
    """A page, with complaints: of the console, failed scripts, other hosts, the content policy."""
    complaints: list[str] = []
    defaults = {"base_url": url, "locale": "en-GB", "reduced_motion": "reduce"}
    context: BrowserContext = chrome.new_context(**defaults | options)
    context.set_default_timeout(PATIENCE)
    context.add_init_script(WATCH_POLICY)
    page = context.new_page()
    page.on(
        "console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: complaints.extend(_elsewhere(request.url, url)))
    try:
        yield page, complaints
    finally:
        context.close()


def settled(page: Page) -> None:
    """Until no answer of the server is waited for or still being put in place."""
    until(page, "!document.querySelector('.htmx-request, .htmx-settling, .htmx-added')")


def until(page: Page, question: str, argument: Any = None) -> Any:
    """The first answer of the page that is no false one. Asked from here: the content policy forbids the page
    to evaluate it again, as `wait_for_function` would have it do."""
    end = time.monotonic() + PATIENCE / 1000
    while not (answer := page.evaluate(question, argument)):
        assert time.monotonic() < end, f"not so on {page.url} in time: {question}"
        page.wait_for_timeout(20)
    return answer


def _elsewhere(address: str, home: str) -> list[str]:
    there = urlsplit(address)
    ours = there.scheme in {"data", "blob"} or there.netloc == urlsplit(home).netloc
    return [] if ours else [f"asked another host: {address}"]
