import pytest


@pytest.fixture(autouse=True)
def _in_the_world(world, settings):
    """Every page here is asked in an empty world at cast.NOW; hashing is slow on purpose, so not here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
