"""The command `sources probe` on a real PostgreSQL with the seeds, given an edited recording."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner

from generator.commands import main
from generator.database import db, seeds
from scrapers import captures
from tests.odd_rows.edited import Edit, recording


@pytest.fixture(scope="session")
def seeded_url(fresh_database: Any) -> str:
    """The URL of a database with the seeds and no price."""
    url: str = fresh_database.migrated()
    with db.connect(url) as connection:
        seeds.seed(connection)
    return url


@pytest.fixture
def probe(seeded_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Callable[[str, Edit], dict[str, Any]]:
    """A function that probes a provider after an edit of its recording, and returns the command's JSON."""

    def probed(slug: str, edit: Edit) -> dict[str, Any]:
        edited = recording(slug, edit)
        monkeypatch.setattr(captures, "recording", lambda _: edited)
        environment = {"DATABASE_URL": seeded_url, "CLOUDGPUS_DATA_DIR": str(tmp_path)}
        told = CliRunner(env=environment).invoke(main, ["sources", "probe", slug, "--recorded", "--json"])
        assert not told.exception or isinstance(told.exception, SystemExit), repr(told.exception)
        answer: dict[str, Any] = json.loads(told.stdout)
        return answer

    return probed
