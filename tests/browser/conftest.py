"""A real browser over the running server. Rows are made before it starts: its event loop forbids the ORM."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from members.lifecycle.models import Policy
from tests.crm.cast import NOW


def chromium() -> str | None:
    """The system's Chromium, if there is one."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(autouse=True)
def _pages_without_collectstatic(settings):
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": plain}}


@pytest.fixture
def world(transactional_db, settings):
    settings.BUSINESS_NOW = NOW.isoformat()
    Policy.objects.get_or_create(version=1, defaults={"effective_from": NOW - timedelta(days=4000)})


@pytest.fixture
def browsing(live_server) -> Callable:
    """A context manager that opens a page and collects what the console complains of."""
    program = chromium()
    if program is None:
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import Page, sync_playwright

    @contextmanager
    def opened(**options) -> Iterator[tuple[Page, list[str]]]:
        complaints: list[str] = []
        with sync_playwright() as playwright:
            chrome = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
            page = chrome.new_context(base_url=live_server.url, locale="en-GB", **options).new_page()
            page.on(
                "console",
                lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None,
            )
            page.on("pageerror", lambda error: complaints.append(str(error)))
            try:
                yield page, complaints
            finally:
                chrome.close()

    return opened
