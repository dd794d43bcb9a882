from collections import Counter
from datetime import date

import pytest

from generator.bench.made_up_site import AS_OF, DAYS, Size, begin_next_day, change_a_price, fill
from generator.database import db, runs
from generator.settings import Settings
from generator.site import build as building

SIZE = Size.of(150)
ROWS = """
    select md5(string_agg(row::text, '' order by row::text)) from (
        select (o.id, g.slug, p.slug, o.price_per_hour, o.price_per_hour_spot, c.last_confirmed_at)::text as row
        from cloudgpus.instances o
        join cloudgpus.gpu_models g on g.id = o.gpu_model_id
        join cloudgpus.providers p on p.id = o.provider_id
        join cloudgpus.confirmations c on c.instance_id = o.id
        union all select (day, gpu_model_id, floor, median)::text from cloudgpus.market_days
    ) as made
"""


@pytest.fixture(scope="module")
def database(fresh_database):
    made = fresh_database.migrated()
    with db.connect(made) as connection:
        fill(connection, SIZE)
    return made


@pytest.fixture
def connection(database, fresh_database):
    """A connection to a copy of the catalogue."""
    with db.connect(fresh_database.copy_of(database)) as open_one:
        yield open_one


@pytest.fixture(scope="module")
def site(database, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bench") / "site"
    with db.connect(database) as connection:
        report = building.build(connection, Settings(_env_file=None), folder)
    return folder, report


def asked(connection, query):
    return connection.execute(query.encode()).fetchall()


@pytest.mark.postgres
def test_the_site_has_at_least_as_many_pages_as_its_size_says(site):
    folder, report = site
    assert report.pages_n >= SIZE.pages == 152
    for pages in ("gpu/*/index.html", "provider/*/index.html", "cheapest/*/index.html"):
        assert len(list(folder.glob(pages))) == SIZE.members
    assert len(list(folder.glob("compare/*/"))) >= 2 * SIZE.members


@pytest.mark.postgres
def test_pages_are_about_as_large_as_the_real_sites(site):
    folder, report = site
    pages = [file.read_text("utf-8") for file in folder.rglob("*.html")]
    assert 15_000 < sum(map(len, pages)) / report.pages_n < 35_000
    assert 15 < sum(page.count("<tr") for page in pages) / report.pages_n < 45


@pytest.mark.postgres
def test_pages_show_charts_and_structured_data(site):
    for page in (site[0] / "gpu").glob("*/index.html"):
        html = page.read_text("utf-8")
        assert "chart-trend" in html
        assert '"AggregateOffer"' in html


@pytest.mark.postgres
@pytest.mark.long
def test_the_same_number_of_pages_makes_the_same_catalogue(fresh_database, connection):
    with db.connect(fresh_database.migrated()) as other:
        fill(other, SIZE)
        assert asked(other, ROWS) == asked(connection, ROWS)


@pytest.mark.postgres
def test_each_gpu_has_its_sellers_its_days_and_evidence_of_each_price(connection):
    counts = "select count(*) from cloudgpus.{} group by gpu_model_id"
    sellers = asked(connection, counts.format("instances").replace("count(*)", "count(distinct provider_id)"))
    assert sellers == [(len(SIZE.distances),)] * SIZE.members
    made = counts.format("market_days where gpu_model_id = md5('gpu 3')::uuid")
    assert asked(connection, made) == [(DAYS + (AS_OF.date() - date(2026, 8, 29)).days,)]
    without = """select count(*) from cloudgpus.confirmations c
        where not exists (select from cloudgpus.captures e where e.scrape_job_id = c.scrape_job_id)"""
    assert asked(connection, without) == [(0,)]


@pytest.mark.postgres
def test_a_changed_price_is_one_offers_and_ends_its_old_one(connection):
    change_a_price(connection)
    ended = asked(connection, "select price_per_hour from cloudgpus.price_history where valid_to is not null")
    begun = asked(connection, f"select price_per_hour from cloudgpus.price_history where recorded_at = '{AS_OF}'")
    assert len(ended) == len(begun) == 1
    assert begun < ended


@pytest.mark.postgres
def test_the_next_day_is_over_midnight_and_no_price_has_aged(connection):
    ranked = "select count(*) from cloudgpus.offers_at('{}') where is_ranked"
    begin_next_day(connection)
    after = runs.last_as_of(connection)
    assert after.date() > AS_OF.date()
    assert asked(connection, ranked.format(after)) == asked(connection, ranked.format(AS_OF))


@pytest.mark.parametrize("pages", [102, 152, 1_002, 10_002, 50_002])
def test_two_members_have_enough_in_common_only_beside_each_other(pages):
    size = Size.of(pages)
    assert size.pages == pages
    between = Counter((one - other) % size.members for one in size.distances for other in size.distances)
    shared = {apart: times for apart, times in between.items() if apart and times > 1}
    assert shared == {1: 3, 2: 2, size.members - 1: 3, size.members - 2: 2}


def test_members_have_the_same_neighbours_whatever_their_number():
    assert Size.of(1_000).distances == Size.of(50_000).distances
    assert len(Size.of(1_000).distances) == 12
