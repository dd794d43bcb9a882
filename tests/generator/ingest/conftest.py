import pytest

from scrapers import captures
from tests.generator.answers import Answers, add_catalogue


@pytest.fixture
def answers():
    with Answers() as server:
        yield server


@pytest.fixture
def catalogue(connection):
    add_catalogue(connection, "nimbus", "kestrel")
    return connection


@pytest.fixture
def recordings(monkeypatch):
    """The shipped recordings by provider, for a test to fill in."""
    shipped = {}
    monkeypatch.setattr(captures, "recording", shipped.get)
    return shipped
