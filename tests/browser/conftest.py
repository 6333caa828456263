"""A real browser over the running server: one Chromium for the folder, a context of its own for each test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.conf import settings as configured
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from members.lifecycle.models import Policy
from tests.browser import town as towns
from tests.browser.town import Town
from tests.conftest import PLAIN_STATIC
from tests.crm.cast import NOW

# The console tells most refusals of the content policy; the event tells all of them.
WATCH_POLICY = """addEventListener("securitypolicyviolation", (event) =>
  console.error(`content policy: ${event.violatedDirective} ${event.blockedURI}`))"""


def chromium() -> str | None:
    """The system's Chromium, if there is one."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture
def world(transactional_db, settings):
    settings.BUSINESS_NOW = NOW.isoformat()
    Policy.objects.get_or_create(version=1, defaults={"effective_from": NOW - timedelta(days=4000)})


@pytest.fixture(scope="package")
def chrome() -> Iterator[Browser]:
    """One browser for the folder. Its event loop stands in this thread; the ORM is told to bear that."""
    program = chromium()
    if program is None:
        pytest.skip("no Chromium on this machine")
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@contextmanager
def _opened(chrome: Browser, url: str, **options) -> Iterator[tuple[Page, list[str]]]:
    """A page, with complaints: of the console, failed scripts, other hosts, the content policy."""
    complaints: list[str] = []
    defaults = {"base_url": url, "locale": "en-GB", "reduced_motion": "reduce"}
    context: BrowserContext = chrome.new_context(**defaults | options)
    context.set_default_timeout(20_000)
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


def _elsewhere(address: str, home: str) -> list[str]:
    there = urlsplit(address)
    ours = there.scheme in {"data", "blob"} or there.netloc == urlsplit(home).netloc
    return [] if ours else [f"asked another host: {address}"]


@pytest.fixture
def browsing(chrome, live_server) -> Callable:
    """A context manager that opens a page of the empty world, with its complaints."""

    @contextmanager
    def opened(**options) -> Iterator[tuple[Page, list[str]]]:
        with _opened(chrome, live_server.url, **options) as both:
            yield both

    return opened


@pytest.fixture(scope="package")
def town(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Town]:
    """The town, committed, with a server before it, for all tests that do not bring rows of their own."""
    own = override_settings(
        BUSINESS_NOW=towns.NOW.isoformat(),
        VAR_DIR=tmp_path_factory.mktemp("var"),
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],  # the others are slow on purpose
        STORAGES=configured.STORAGES | {"staticfiles": PLAIN_STATIC},
        ALLOWED_HOSTS=["*"],
    )
    with django_db_blocker.unblock(), own:
        server = LiveServer("localhost")
        try:
            yield towns.found(server.url, tmp_path_factory.mktemp("files"))
        finally:
            server.stop()
            towns.leave()


@pytest.fixture
def db(town) -> None:
    """The committed town, not a transaction; its name makes pytest-django set the test database up."""


@pytest.fixture
def visiting(chrome, town, db) -> Callable:
    """A context manager that opens a page of the town, signed in as `username` unless that is empty."""

    @contextmanager
    def opened(username: str = "", *, language: str = "en", **options) -> Iterator[tuple[Page, list[str]]]:
        key = town.session_of(username, language) if username else ""
        with _opened(chrome, town.url, **options) as (page, complaints):
            if key:
                name = configured.SESSION_COOKIE_NAME
                page.context.add_cookies([{"name": name, "value": key, "url": town.url}])
            yield page, complaints

    return opened
