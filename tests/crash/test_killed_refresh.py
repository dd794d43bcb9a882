from decimal import Decimal

import psycopg
import pytest

from generator.database import db, seeds
from tests.crash.conftest import ROUNDS
from tests.crash.made_up_refresh import SLUGS, expected
from tests.sql.samples import add_provider

pytestmark = [pytest.mark.postgres, pytest.mark.long]


@pytest.fixture(scope="module")
def first(fresh_database, killer):
    """A database after the first run of the made-up providers."""
    url = fresh_database.migrated()
    with db.connect(url) as connection:
        seeds.seed(connection)
        for slug in SLUGS:
            add_provider(connection, slug)
    killer.run(refresh(url, 1))
    return url


@pytest.fixture(scope="module")
def undisturbed(first, fresh_database, killer):
    """The history and daily prices after a second run that nobody killed."""
    url = fresh_database.copy_of(first)
    killer.run(refresh(url, 2))
    return history(url), daily(url)


def refresh(url, number):
    return ["-m", "tests.crash.made_up_refresh", url, str(number)]


def offers(url, slug):
    with psycopg.connect(url) as connection:
        return dict(
            connection.execute(
                "select instance_type, price_per_hour from cloudgpus.instances as offer"
                " join cloudgpus.providers as provider on provider.id = offer.provider_id"
                " where provider.slug = %s and offer.is_active",
                [slug],
            ).fetchall()
        )


def history(url):
    """Every price segment, without ids."""
    with psycopg.connect(url) as connection:
        return connection.execute(
            "select provider.slug, offer.instance_type, segment.price_per_hour, segment.is_active, segment.recorded_at,"
            " segment.valid_to, segment.last_confirmed_at from cloudgpus.price_history as segment"
            " join cloudgpus.instances as offer on offer.id = segment.instance_id"
            " join cloudgpus.providers as provider on provider.id = offer.provider_id order by 1, 2, 5, 4"
        ).fetchall()


def daily(url):
    with psycopg.connect(url) as connection:
        return connection.execute(
            "select provider.slug, offer.instance_type, price.day, price.covered_share, price.mean"
            " from cloudgpus.daily_prices('2026-03-01', '2026-03-01', '2026-03-01 12:00+00') as price"
            " join cloudgpus.instances as offer on offer.id = price.instance_id"
            " join cloudgpus.providers as provider on provider.id = offer.provider_id order by 1, 2, 3"
        ).fetchall()


def assert_whole(url):
    """Fail unless every provider's offers are all of one run, with the segments and jobs of that run."""
    for slug in SLUGS:
        stored = {name: Decimal(price) for name, price in offers(url, slug).items()}
        number = 2 if stored == expected(2) else 1
        assert stored == expected(number)
        standing = [one for one in history(url) if one[0] == slug and one[5] is None]
        assert {one[1]: one[2] for one in standing} == expected(number)
        assert len(standing) == len(expected(number))
        with psycopg.connect(url) as connection:
            (jobs,) = connection.execute(
                "select count(*) from cloudgpus.scrape_jobs as job join cloudgpus.providers as provider"
                " on provider.id = job.provider_id where provider.slug = %s and job.status = 'completed'",
                [slug],
            ).fetchone()
        assert jobs == number


@pytest.mark.parametrize("number", ROUNDS)
def test_killed_refresh_leaves_each_provider_whole_and_the_next_goes_on(
    number, first, undisturbed, fresh_database, killer
):
    urls = []

    def prepare():
        urls.append(fresh_database.copy_of(first))
        return refresh(urls[-1], 2)

    killer.kill("refresh", number, prepare)
    assert_whole(urls[-1])
    before = {one[:5] for one in history(first)}
    assert before <= {one[:5] for one in history(urls[-1])}
    killer.run(refresh(urls[-1], 2))
    assert (history(urls[-1]), daily(urls[-1])) == undisturbed
