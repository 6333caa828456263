import pytest
from django.conf import settings as configured
from django.core.cache import caches

from tests.crm.cast import NOW


@pytest.fixture
def world(db, settings):
    """An empty world whose business clock stands at cast.NOW, with nothing kept from another test."""
    settings.BUSINESS_NOW = NOW.isoformat()
    forget()
    yield
    forget()


def forget() -> None:
    for name in configured.CACHES:
        caches[name].clear()
