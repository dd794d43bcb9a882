"""Evidence pages stay as they are while prices are only confirmed, and follow a price that changes."""

import pytest

from generator.database import runs
from generator.ingest import store
from tests.generator.site.test_incremental import files_of
from tests.sql import samples
from tests.sql.samples import after

pytestmark = pytest.mark.postgres


@pytest.fixture
def at(made, prices, tmp_path):
    """What stores nimbus's price of an hour, with its answer, and reads the evidence pages that are built then."""

    def read(hours, price):
        run = runs.start(prices, after(hours), "live", "v1")
        asked = samples.capture(f"{price} at {hours}".encode(), fetched_at=after(hours))
        offers = [samples.offer("nimbus", price)]
        store.store(prices, samples.run(hours, offers, run_id=run, captures=[asked], source_class="price_page"))
        runs.finish(prices, run)
        prices.commit()
        report = made(allow_removals=True, allow_gates=True, jobs=1)
        files = files_of(tmp_path / "site")
        return report, {path: text for path, text in files.items() if path.startswith("evidence/")}

    prices.execute("update providers set source_class = 'price_page'")
    return read


def test_a_price_that_is_only_confirmed_leaves_its_page_as_it_is(at, tmp_path):
    _, first = at(1, 7)
    (path,) = (path for path in first if path.endswith(".html"))
    written = (tmp_path / "site" / path).stat().st_mtime_ns
    for hours in (2, 30):
        assert at(hours, 7)[1] == first
    assert (tmp_path / "site" / path).stat().st_mtime_ns == written
    assert b"$7.00" in first[path]


def test_a_price_that_changes_has_the_page_of_the_answer_that_changed_it(at, tmp_path):
    _, first = at(1, 7)
    report, second = at(2, 8)
    assert (len(first), len(second), first.keys() & second.keys(), report.written.removed) == (2, 2, set(), 2)
    address = next(path for path in second if path.endswith(".html")).removesuffix("index.html")
    assert f'/{address}"' in (tmp_path / "site" / "gpu" / "h100-sxm" / "index.html").read_text()
