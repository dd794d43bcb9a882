"""Regions in the database: those from the lists, those of offers, and unknown ones."""

from datetime import date
from uuid import UUID

import psycopg
import pytest

from generator.database import db, provider_regions
from tests.sql.samples import add_gpu, add_instance, add_provider, one

pytestmark = pytest.mark.postgres

COUNTRY = "select country from provider_regions join providers on id = provider_id where slug = %s and region = %s"


def add_offers(connection: db.Connection, slug: str, *codes: str, available_regions: list[str] | None = None) -> UUID:
    """A provider with an offer in each region."""
    provider, gpu = add_provider(connection, slug), one(connection, "select id from gpu_models") or add_gpu(connection)
    for number, code in enumerate(codes):
        more = {"region": code, "instance_type": f"type {number}", "available_regions": available_regions}
        add_instance(connection, provider, gpu, **more)
    return provider


def test_listed_regions_are_those_of_the_providers_that_are_there(connection: db.Connection) -> None:
    add_provider(connection, "gcp")
    assert provider_regions.load_listed(connection) == 43
    assert one(connection, COUNTRY, "gcp", "europe-north1") == "FI"
    source = one(connection, "select source_url from provider_regions where region = 'europe-north1'")
    assert source.startswith("https://github.com/Cyclenerd/")
    assert one(connection, "select min(checked_on) from provider_regions") == date(2026, 8, 17)


def test_a_second_time_changes_no_region(connection: db.Connection) -> None:
    add_provider(connection, "gcp")
    provider_regions.load_listed(connection)
    assert provider_regions.load_listed(connection) == 0


def test_a_region_that_no_list_has_any_more_is_retired_and_comes_back(connection: db.Connection) -> None:
    add_provider(connection, "gcp")
    provider_regions.load_listed(connection)
    connection.execute("update provider_regions set region = 'europe-north9' where region = 'europe-north1'")
    assert provider_regions.load_listed(connection) == 2
    assert one(connection, "select is_active from provider_regions where region = 'europe-north9'") is False
    connection.execute("update provider_regions set is_active = false where region = 'europe-north1'")
    assert provider_regions.load_listed(connection) == 1
    assert one(connection, "select is_active from provider_regions where region = 'europe-north1'") is True


def test_regions_of_offers_whose_code_names_the_country_are_learnt_once(connection: db.Connection) -> None:
    add_offers(connection, "cudo", "no-kristiansand-1", "atlantis-1")
    add_offers(connection, "gcp", "europe-north1")
    assert (provider_regions.learn(connection), provider_regions.learn(connection)) == (1, 0)
    assert one(connection, COUNTRY, "cudo", "no-kristiansand-1") == "NO"
    assert one(connection, "select count(*) from provider_regions") == 1
    assert one(connection, "select source_url from provider_regions") is None


def test_regions_learnt_from_offers_are_not_retired_with_the_lists(connection: db.Connection) -> None:
    add_offers(connection, "lium", "FI")
    provider_regions.learn(connection)
    provider_regions.load_listed(connection)
    assert one(connection, "select is_active from provider_regions") is True


def test_a_code_may_tell_only_the_continent(connection: db.Connection) -> None:
    add_offers(connection, "coreweave", "EUROPE")
    provider_regions.learn(connection)
    assert connection.execute("select country, continent from provider_regions").fetchall() == [(None, "Europe")]


def test_regions_of_offers_are_those_that_they_are_in_or_can_be_had_in(connection: db.Connection) -> None:
    add_offers(connection, "shadeform", "", "paris-france-5", available_regions=["oslo-norway-3", "paris-france-5"])
    found = {
        (one.region, one.offers, one.place and one.place.country) for one in provider_regions.of_offers(connection)
    }
    assert found == {("oslo-norway-3", 2, "NO"), ("paris-france-5", 2, "FR")}


def test_offers_that_are_gone_are_in_no_region(connection: db.Connection) -> None:
    provider = add_provider(connection, "lium")
    add_instance(connection, provider, add_gpu(connection), region="FI", is_active=False)
    assert provider_regions.of_offers(connection) == []


@pytest.mark.parametrize(
    ("column", "value"), [("country", "fi"), ("continent", "Atlantis"), ("source_url", "https://x.example")]
)
def test_an_impossible_region_is_refused(connection: db.Connection, column: str, value: str) -> None:
    add_offers(connection, "lium", "FI")
    provider_regions.learn(connection)
    with pytest.raises(psycopg.errors.CheckViolation, match="provider_regions_"):
        connection.execute(f"update provider_regions set {column} = %s", [value])
