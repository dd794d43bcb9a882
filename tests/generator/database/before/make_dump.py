"""A database as commit 653b445 made it, with its 36 migrations, for tests/generator/database/test_upgrade.py:

    git worktree add --detach /tmp/before 653b445
    cp tests/generator/database/before/make_dump.py /tmp/before/ && cd /tmp/before
    <this checkout>/.venv/bin/python make_dump.py <this checkout>/tests/generator/database/before

Five providers' recorded answers were read as live ones in four months, with another price from the third month on; the
first month was taken out of history.  Quarantine, content and built pages have a row or two; readings and rates are
cut down.
"""

import gzip
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from generator import backup, db, embedded, migrations, programs, refresh, seeds
from scrapers import captures, run
from scrapers.offer import Provider
from scrapers.sources import Fetch

PROVIDERS = ("hyperstack", "lambda-labs", "ovhcloud", "upcloud", "voltage-park")
SEEN = [datetime(2026, month, day, 6, tzinfo=UTC) for month in (6, 7, 8, 9) for day in (1, 2, 3)]
MOVED = datetime(2026, 8, 1, tzinfo=UTC)
MOVES = {"voltage-park": (b"2.49", b"2.59")}
CUT_DOWN = """
    delete from cloudgpus.reference_history
    where (gpu_model_id, observed_at) not in (
        select gpu_model_id, observed_at from cloudgpus.reference_history order by observed_at desc limit 100
    );
    delete from cloudgpus.exchange_rates where rate_date < '2026-05-25';
    insert into cloudgpus.quarantine
        (provider_id, instance_type, rule, detail, first_seen_at, last_seen_at, first_job_id, last_job_id)
    select provider_id, 'strange', 'moved', 'a tenth of what it was', observed_at, observed_at, id, id
    from cloudgpus.scrape_jobs order by observed_at limit 1;
    insert into cloudgpus.content_pages (slug, page_type, title, front_matter, is_published, published_at)
    values
        ('guides/spot', 'guide', 'Spot', '{"author": "x"}', true, '2026-09-01Z'),
        ('home', 'home', 'Home', null, false, null);
    insert into cloudgpus.built_pages
        (path, page_type, gate_state, gate_since, code_version, content_hash, last_modified, first_built_at, file_hash)
    values ('/', 'home', 'indexable', '2026-09-01Z', 'v', 'h', '2026-09-01Z', '2026-09-01Z', 'h');
    insert into cloudgpus.builds (as_of, generation, output_dir, site_url, code_version, pages)
    values ('2026-09-03Z', gen_random_uuid(), '/srv/site', 'https://gpus.example', 'v', 1);
"""


def live(at: datetime) -> Callable[[Provider], Fetch]:
    """Recorded answers, as if they were given now."""

    def fetch_for(provider: Provider) -> Fetch:
        recording = captures.recording(provider.slug)
        assert recording
        old, new = MOVES.get(provider.slug, (b"", b"")) if at >= MOVED else (b"", b"")
        return run.replayer(
            replace(one, fetched_at=at, origin="", body=one.body.replace(old, new)) for one in recording.captures
        )

    return fetch_for


def refreshed(connection: db.Connection, at: datetime) -> None:
    report = refresh.refresh(
        connection,
        refresh.Options(source="live", providers=PROVIDERS, force=True),
        keys={},
        contact="tests",
        version="653b445",
        clock=lambda: at,
        fetch_for=live(at),
    )
    for one in report.outcomes:
        click.echo(f"{at:%Y-%m-%d} {one.provider}: {one.found} offers {one.problem}")


def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        server = embedded.url(Path(scratch) / "postgres")
        with db.connect(server) as connection:
            connection.autocommit = True
            connection.execute('create database "before"')
        url = programs.of_database(server, "before")
        migrations.migrate(url)
        with db.connect(url) as connection:
            seeds.seed(connection)
            seeds.exchange_rates(connection)
            connection.commit()
            for at in SEEN:
                refreshed(connection, at)
            connection.execute("select cloudgpus.detach_price_history('2026-07-01')")
            connection.execute(CUT_DOWN.encode())
        taken = backup.take(url, Path(scratch) / "backups", SEEN[-1])
        (folder / "before.dump.gz").write_bytes(gzip.compress(taken.file.read_bytes(), mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
