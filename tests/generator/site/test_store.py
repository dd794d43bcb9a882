"""What a build stores of its pages: who has read what, exactly."""

from datetime import timedelta

import pytest

from generator.database import runs
from generator.settings import Settings
from generator.site import build, built_pages
from tests.sql import samples

pytestmark = pytest.mark.postgres


def index(connection):
    """The readers of each slice, and the same as the readers' own records have it."""
    records = built_pages.records(connection)
    slices = built_pages.slices_named(connection, numbers=range(1, 10_000))
    stored = {one.name: set(one.readers) for one in slices.values() if one.readers}
    found = {}
    for reader, reads in [(record.number, record.reads) for record in records.values()] + [
        (-one.number, one.reads) for one in slices.values()
    ]:
        for number in reads:
            found.setdefault(slices[number].name, set()).add(reader)
    return stored, found


def test_the_reverse_index_is_exact_after_each_build(shop, connection):
    for hours, prices in ((0, {}), (1, {"b": 11}), (2, {"b": 12, "c": 5}), (24, {}), (48, {"a": 3})):
        shop(hours, **prices)
        stored, found = index(connection)
        assert stored == found
    assert len(stored) > 50


def test_new_pages_and_gone_ones_are_in_it_exactly(shop, connection):
    shop(0)
    samples.add_gpu(connection, "e", 5)
    samples.add_provider(connection, "fir")
    shop(1)
    connection.execute("update providers set is_active = false where slug = 'elm'")
    shop(2)
    stored, found = index(connection)
    numbers = {record.number for record in built_pages.records(connection).values()}
    for name, readers in stored.items():
        assert found.get(name, set()) <= readers
        assert not (readers - found.get(name, set())) & numbers


def test_an_incremental_build_stores_what_a_full_one_does(shop, connection, tmp_path):
    def stored():
        slices = built_pages.slices_named(connection, numbers=range(1, 10_000))
        names = {one.number: one.name for one in slices.values()}
        pages = {
            path: (
                record.gate_state, record.content_hash, record.model_hash, record.files, record.last_modified,
                {names[number] for number in record.reads},
            )
            for path, record in built_pages.records(connection).items()
        }  # fmt: skip
        return pages, {one.name: one.version for one in slices.values() if one.readers}

    shop(0)
    shop(1, b=11, c=7)
    before = stored()
    build.build(connection, Settings(site_url="https://gpus.example"), tmp_path / "site", build.Options(full=True))
    assert stored() == before


def test_a_page_that_was_looked_at_and_left_alone_keeps_its_files_and_its_time(shop, connection):
    shop(0)
    before = built_pages.records(connection)
    connection.execute("insert into moved_slices (slice) values ('everything')")
    connection.commit()
    runs.finish(connection, runs.start(connection, samples.START + timedelta(hours=1), "live", "v1"))
    report = shop(1)
    assert (report.looked_at, report.rendered) == (report.pages_n, 0)
    after = built_pages.records(connection)
    assert {path: (one.files, one.last_modified, one.number) for path, one in after.items()} == {
        path: (one.files, one.last_modified, one.number) for path, one in before.items()
    }
