"""What holds for every test; how a run works is in tests/harness."""

from __future__ import annotations

import os

import _translations
import pytest
from django.conf import settings as configured
from django.core.cache import caches
from django.test import TransactionTestCase, override_settings
from django.utils import translation

from benchmarks.server import lacking
from crm.runtime.database.own_connection import OwnConnection
from tests.harness import rendering, restore
from tests.harness.environment import WORKER

MD5 = "django.contrib.auth.hashers.MD5PasswordHasher"
PLAIN_STATIC = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


def pytest_configure() -> None:
    if not WORKER:
        _ask_server(os.environ["DATABASE_URL"])
        _translations.compile_all()
    configured.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whose absence every request would warn of


def _ask_server(url: str) -> None:
    """Say once what a server of somebody else lacks, rather than in every test."""
    if lacks := lacking(url, checkpoints=False):
        raise pytest.UsageError(lacks)


@pytest.fixture(autouse=True)
def _as_if_alone():
    """The language that a request of an earlier test spoke, and what it kept, are not what this one meets."""
    translation.activate("en")
    for name in configured.CACHES:
        caches[name].clear()


@pytest.fixture(autouse=True)
def _nothing_outlives_a_rollback(request, monkeypatch):
    """What a second connection writes stays when a test's transaction is rolled back, for others to meet."""
    marker = request.node.get_closest_marker("django_db")
    if marker and not marker.kwargs.get("transaction") and "transactional_db" not in request.fixturenames:
        monkeypatch.setattr(OwnConnection, "_run", _needs_a_transaction)


def _needs_a_transaction(*_: object) -> None:
    pytest.fail("This keeps rows over a second connection: mark the test django_db(transaction=True).")


@pytest.fixture(scope="session", autouse=True)
def _quick(django_test_environment):
    """Pages without collectstatic having been run, passwords hashed in no time, templates unwatched.

    A test of one of these sets it for itself.
    """
    rendering.unwatched()
    plain = configured.STORAGES | {"staticfiles": PLAIN_STATIC}
    with override_settings(STORAGES=plain, PASSWORD_HASHERS=[MD5]):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """A database for this process, of which tests leave nothing behind."""
    djangos = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = restore.restore
    with django_db_blocker.unblock(), restore.restorable(), django_db_blocker.block():
        yield
    TransactionTestCase._fixture_teardown = djangos
