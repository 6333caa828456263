"""Tests run as the role that owns nothing, like the product; its owner makes and empties the database."""

from __future__ import annotations

import pytest
from django.conf import settings as configured
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import settings

from crm.runtime import translations

PLAIN_STATIC = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
_empty_tables = TransactionTestCase._fixture_teardown


def pytest_configure() -> None:
    translations.compile_all()
    configured.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whose absence every request would warn of
    # A busy machine is slow, not wrong: no example fails for its time.
    settings.register_profile("perennial", deadline=None)
    settings.load_profile("perennial")


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
def django_db_modify_db_settings():
    """The owner creates and migrates; settings are read before this file, so the role is dropped here."""
    connection.settings_dict["OPTIONS"].pop("options", None)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["OPTIONS"]["options"] = "-c role=perennial_app"
        TransactionTestCase._fixture_teardown = _empty_tables_as_owner
    yield
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["OPTIONS"].pop("options", None)
        TransactionTestCase._fixture_teardown = _empty_tables
