"""A real browser over the running server, before the town or before an empty world."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.test import override_settings
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.browser import town as towns
from tests.browser.town import Town
from tests.crm.cast import NOW
from tests.harness import databases
from tests.harness.chrome import opened as open_page
from tests.harness.environment import SHARED

MADE = "test_perennial_town"


@pytest.fixture
def world(transactional_db, settings):
    settings.BUSINESS_NOW = NOW.isoformat()


@pytest.fixture
def browsing(chrome, live_server) -> Callable:
    """A context manager that opens a page of the empty world, with its complaints."""

    @contextmanager
    def opened(**options) -> Iterator[tuple[Page, list[str]]]:
        with open_page(chrome, live_server.url, **options) as both:
            yield both

    return opened


@pytest.fixture(scope="session")
def town(django_db_setup, django_db_blocker) -> Iterator[Town]:
    """The town, founded once for all processes, with a server of this process before it."""
    folder = SHARED / "town"
    with django_db_blocker.unblock():
        databases.furnished(MADE, [Path(towns.__file__)], lambda: _found(folder))
    server = LiveServer("localhost")
    yield replace(pickle.loads((folder / "town.pickle").read_bytes()), url=server.url)
    server.stop()


def _found(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    with _at_the_towns_time(folder / "var"):
        town = towns.found(folder)
    (folder / "town.pickle").write_bytes(pickle.dumps(town))


def _at_the_towns_time(var: Path) -> override_settings:
    return override_settings(BUSINESS_NOW=towns.NOW.isoformat(), VAR_DIR=var, ALLOWED_HOSTS=["*"])


@pytest.fixture
def db(town, django_db_blocker, tmp_path) -> Iterator[None]:
    """The town as it was founded, for this test alone; its name keeps pytest-django's own from being used."""
    shutil.copytree(town.folder / "var", tmp_path / "var")
    copy = databases.name_of("town_copy")
    with (
        django_db_blocker.unblock(),
        _at_the_towns_time(tmp_path / "var"),
        databases.copied(copy, MADE),
        databases.in_use(copy),
    ):
        yield


@pytest.fixture
def visiting(chrome, town, db) -> Callable:
    """A context manager that opens a page of the town, signed in as `username` unless that is empty."""

    @contextmanager
    def opened(username: str = "", *, language: str = "en", **options) -> Iterator[tuple[Page, list[str]]]:
        key = town.session_of(username, language) if username else ""
        with open_page(chrome, town.url, **options) as (page, complaints):
            if key:
                _give(page, town, key)
            yield page, complaints

    return opened


@pytest.fixture(scope="module")
def walked(chrome, town, django_db_blocker) -> Iterator[tuple[str, Page, list[str]]]:
    """A database of the town for tests that only look, and a page of its administrator."""
    copy = databases.name_of("town_walked")
    with (
        django_db_blocker.unblock(),
        databases.copied(copy, MADE),
        open_page(chrome, town.url) as (page, complaints),
    ):
        with _at_the_towns_time(town.folder / "var"), databases.in_use(copy):
            _give(page, town, town.session_of(towns.WHO["administrator"], "en"))
        with django_db_blocker.block():
            yield copy, page, complaints


@pytest.fixture
def walking(walked, town, django_db_blocker) -> Iterator[tuple[Page, list[str]]]:
    """The page of the administrator, left open from test to test, with its complaints."""
    name, page, complaints = walked
    complaints.clear()
    with django_db_blocker.unblock(), _at_the_towns_time(town.folder / "var"), databases.in_use(name):
        yield page, complaints


def _give(page: Page, town: Town, session: str) -> None:
    name = configured.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": session, "url": town.url}])
