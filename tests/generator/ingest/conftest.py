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
    """Recordings that ship, by provider; a test fills them in."""
    shipped = {}
    monkeypatch.setattr(captures, "recording", shipped.get)
    return shipped
