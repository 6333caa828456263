import pytest


@pytest.fixture(autouse=True)
def _in_the_world(world):
    """Every page here is asked in an empty world at cast.NOW."""
