"""Databases as commit aa56a02 made them, for test_replay_of_old_databases.py; run by that commit's code:

    git worktree add --detach /tmp/before aa56a02
    cp tests/generator/ingest/before/make_dumps.py /tmp/before/ && cd /tmp/before
    <this checkout>/.venv/bin/python make_dumps.py <this checkout>/tests/generator/ingest/before

Commit 653b445, the last with the migrations of the version before, then restored each, migrated it and took a backup.

`recorded.dump` was refreshed from that commit's recordings.  `live.dump` was given the same answers as live ones, five
times in four days, with another price from the third on.  Both are trimmed to these providers and have no readings.
"""

import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from generator import backup, db, embedded, migrations, programs, refresh, seeds
from scrapers import captures, run
from scrapers.offer import Provider
from scrapers.sources import Fetch

RECORDED = [
    "akash", "aws", "azure", "gcp", "hyperstack", "lambda-labs", "nebius", "oci", "runpod", "sf-compute", "upcloud",
    "vast-ai", "voltage-park", "vultr",
]  # fmt: skip
LIVE = ["hyperstack", "lambda-labs", "sf-compute", "upcloud", "voltage-park"]
START = datetime(2026, 9, 1, 6, tzinfo=UTC)
HOURS = (0, 20, 40, 60, 80)
MOVES = {"sf-compute": (b"1.81", b"1.71"), "voltage-park": (b"2.49", b"2.59")}


def live(at: datetime) -> Callable[[Provider], Fetch]:
    """Recorded answers, as if they were given now."""

    def fetch_for(provider: Provider) -> Fetch:
        recording = captures.recording(provider.slug)
        assert recording
        old, new = MOVES.get(provider.slug, (b"", b"")) if at >= START + timedelta(hours=HOURS[2]) else (b"", b"")
        return run.replayer(
            replace(one, fetched_at=at, origin="", body=one.body.replace(old, new)) for one in recording.captures
        )

    return fetch_for


def refreshed(connection: db.Connection, providers: Sequence[str], at: datetime, source: refresh.Source) -> None:
    report = refresh.refresh(
        connection,
        refresh.Options(source=source, providers=tuple(providers)),
        keys={},
        contact="tests",
        version="aa56a02",
        clock=lambda: at,
        fetch_for=live(at) if source == "live" else None,
    )
    for outcome in report.outcomes:
        click.echo(f"{at:%Y-%m-%d %H:%M} {outcome.provider}: {outcome.found} offers {outcome.problem}")


def made(server: str, name: str, providers: Sequence[str]) -> str:
    """A database with these providers' prices; its connection string."""
    with db.connect(server) as connection:
        connection.autocommit = True
        connection.execute(f'create database "{name}"')
    url = programs.of_database(server, name)
    migrations.migrate(url)
    with db.connect(url) as connection:
        seeds.seed(connection)
        seeds.exchange_rates(connection)
        connection.commit()
        for hours in HOURS if name == "live" else (0,):
            refreshed(connection, providers, START + timedelta(hours=hours), name)
        connection.execute("truncate cloudgpus.reference_history")
        connection.execute("delete from cloudgpus.exchange_rates where rate_date < '2026-08-01'")
    return url


def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        server = embedded.url(Path(scratch) / "postgres")
        for name, providers in (("recorded", RECORDED), ("live", LIVE)):
            url = made(server, name, providers)
            taken = backup.take(url, Path(scratch) / name, START)
            (folder / f"{name}.dump").write_bytes(taken.file.read_bytes())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
