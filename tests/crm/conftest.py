import pytest
from django.core.cache import cache

from tests.crm.cast import NOW


@pytest.fixture
def world(db, settings):
    """An empty world whose business clock stands at cast.NOW, with nothing kept from another test."""
    settings.BUSINESS_NOW = NOW.isoformat()
    cache.clear()
    yield
    cache.clear()
