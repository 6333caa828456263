import pytest
from django.core.cache import cache

from tests.crm.cast import NOW


@pytest.fixture(autouse=True)
def _pages_without_collectstatic(settings):
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": plain}}


@pytest.fixture
def world(db, settings):
    """An empty world whose business clock stands at cast.NOW, with nothing kept from another test."""
    settings.BUSINESS_NOW = NOW.isoformat()
    cache.clear()
    yield
    cache.clear()
