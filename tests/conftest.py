"""Tests run as the role that owns nothing, like the product; its owner makes and empties the database."""

from __future__ import annotations

import os

import _translations
import pytest
from django.conf import settings as configured
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import settings

from benchmarks.server import lacking
from crm.runtime.database.grants import APP_ROLE

PLAIN_STATIC = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
_empty_tables = TransactionTestCase._fixture_teardown


def pytest_configure() -> None:
    _ask_server(os.environ.get("DATABASE_URL", ""))
    _translations.compile_all()
    configured.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whose absence every request would warn of
    # A busy machine is slow, not wrong: no example fails for its time.
    settings.register_profile("perennial", deadline=None)
    settings.load_profile("perennial")


def _ask_server(url: str) -> None:
    """Say once what a server of somebody else lacks, rather than in every test."""
    if not url or "PYTEST_XDIST_WORKER" in os.environ:
        return
    if lacks := lacking(url, checkpoints=False):
        raise pytest.UsageError(lacks)


def _empty_tables_as_owner(self: TransactionTestCase) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
    try:
        _empty_tables(self)
    finally:
        connection.close()


@pytest.fixture(autouse=True)
def _in_english():
    """What a request of an earlier test spoke is not what this one begins with."""
    translation.activate("en")


@pytest.fixture(autouse=True)
def _pages_without_collectstatic(settings):
    settings.STORAGES = settings.STORAGES | {"staticfiles": PLAIN_STATIC}


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """The owner creates and migrates; settings are read before this file, so the role is dropped here.

    On a server of DATABASE_URL, which all processes share, each has a database of its own.
    """
    _take_role("")


def _take_role(role: str) -> None:
    """Let connections made from now on take this role, "" = stay who signs in; their other settings stay."""
    options = connection.settings_dict["OPTIONS"]
    kept = options["options"].partition(" -c role=")[0]
    options["options"] = f"{kept} -c role={role}" if role else kept


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        connection.close()
        _take_role(APP_ROLE)
        TransactionTestCase._fixture_teardown = _empty_tables_as_owner
    yield
    with django_db_blocker.unblock():
        connection.close()
        _take_role("")
        TransactionTestCase._fixture_teardown = _empty_tables
