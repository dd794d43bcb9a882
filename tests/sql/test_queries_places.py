"""Offers by place and by feature, with the lowest price that ranks."""

import pytest

from generator.catalogue.list_rows import FeatureFloorRow, PlacedOfferRow
from generator.database import db
from tests.sql.samples import after, settle

pytestmark = pytest.mark.postgres

ALL = {"gpus": None, "providers": None}


def placed(connection):
    rows = db.rows(connection, "placed_offers", PlacedOfferRow, as_of=after(1), **ALL)
    return [(row.provider_slug, row.region, row.offers_n, row.is_ranked, row.price_per_gpu_hour) for row in rows]


def test_offers_are_counted_by_stated_place_with_the_cheapest_that_ranks(connection, market):
    market("nimbus", 3, region="eu")
    market("nimbus", 2, region="us", available_regions=["eu"])
    market("nimbus", 1, region="eu", price_basis="gpu_only")
    market("nimbus", 1, region="global")
    market("kestrel", 4, region="eu", availability_status="sold_out", availability_stated=True)
    for provider in ("nimbus", "kestrel"):
        connection.execute(
            "insert into provider_regions (provider_id, region, country, continent)"
            " select id, 'eu', 'FI', 'Europe' from providers where slug = %s",
            [provider],
        )
    settle(connection, 1)
    assert placed(connection) == [("kestrel", "eu", 1, False, 4), ("nimbus", "eu", 3, True, 2)]


def test_a_resellers_price_does_not_rank_by_place_beside_that_of_the_cloud(connection, market):
    market("nimbus", 3, region="eu", has_nvlink=True)
    market("kestrel", 2, region="eu", has_nvlink=True, upstream="nimbus")
    connection.execute(
        "insert into provider_regions (provider_id, region, continent) select id, 'eu', 'Europe' from providers"
    )
    settle(connection, 1)
    assert [(provider, ranks) for provider, _, _, ranks, _ in placed(connection)] == [
        ("kestrel", False),
        ("nimbus", True),
    ]
    assert [
        row.provider_slug for row in db.rows(connection, "feature_floors", FeatureFloorRow, as_of=after(1), **ALL)
    ] == ["nimbus"]


def test_a_feature_has_the_lowest_ranked_price_of_those_that_state_it(connection, market):
    market("nimbus", 1)
    market("nimbus", 3, has_nvlink=True)
    market("nimbus", 2, has_nvlink=True)
    market("kestrel", 4, price_per_hour_spot=1, has_infiniband=True)
    settle(connection, 1)
    rows = db.rows(connection, "feature_floors", FeatureFloorRow, as_of=after(1), **ALL)
    assert [(row.feature, row.provider_slug, row.floor) for row in rows] == [
        ("infiniband", "kestrel", 4),
        ("nvlink", "nimbus", 2),
        ("spot", "kestrel", 1),
    ]
