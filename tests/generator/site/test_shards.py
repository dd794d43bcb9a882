"""Pages are made in shards, whose long tables are read in a fixed number of queries."""

from collections import defaultdict

import pytest

from generator.bench.made_up_site import AS_OF, Size, fill
from generator.catalogue.gather import Snapshot
from generator.database import db
from generator.output.write import Output
from generator.site.links import planned, with_anchors
from generator.site.make import Maker, ToMake
from generator.site.render import Renderer
from generator.site.site_catalogue import gathered
from tests.generator.catalogues import SITE

pytestmark = pytest.mark.postgres

OF_MANY = {
    "cheapest_gpu",
    "evidence",
    "gpu_comparison",
    "gpu_detail",
    "gpu_price_index",
    "price_change_feed",
    "price_history",
    "provider_detail",
    "provider_gpu",
}
"""The page types with as many pages as there are GPUs or providers, or more."""


@pytest.fixture
def asked(monkeypatch):
    """The names of the queries that were asked."""
    names, rows = [], db.rows

    def noted(connection, name, row, **params):
        names.append(name)
        return rows(connection, name, row, **params)

    monkeypatch.setattr(db, "rows", noted)
    return names


def test_a_shard_is_a_fixed_number_of_queries_however_many_its_pages(connection, asked, tmp_path):
    fill(connection, Size.of(150))
    connection.execute("select settle_slices(%s)", [AS_OF])
    connection.commit()
    catalogue, _ = gathered(Snapshot(connection), AS_OF)
    renderer = Renderer(SITE)
    catalogue = with_anchors(catalogue, renderer)
    of_type = defaultdict(list)
    for kind, key in planned(catalogue):
        of_type[kind].append(ToMake(kind, key))
    many = {kind.name: pages for kind, pages in of_type.items() if len(pages) > 20}
    assert set(many) >= OF_MANY

    with Output(tmp_path / "site") as output:
        maker = Maker(catalogue, renderer, output.stage)
        maker.prepare()

        def queries(pages):
            before = len(asked)
            maker.shard(pages)
            maker.forget()
            return sorted(asked[before:])

        for name, pages in many.items():
            queries(pages[:2])  # reads what is read once
            assert queries(pages[2:4]) == queries(pages[4:16]), name
