"""An odd price is held back by itself; the offer's other prices are stored."""

import pytest

from tests.faults.rows import as_recorded
from tests.odd_rows.edited import after, another, new_ends, row, untouched

SPOT = "price_per_hour_spot"
ODD_SPOT = [
    ("datacrunch", 0, {"spot_price": "0.000001"}, "rounds_to_zero"),
    ("datacrunch", 0, {"spot_price": "8620"}, "price_band"),
    ("datacrunch", 0, {"spot_price": "EUR 2"}, "unreadable"),
    ("novita", 0, {"spotPrice": -5}, "unreadable"),
    ("novita", 0, {"spotPrice": [30000]}, "unreadable"),
    ("vast-ai", 0, {"min_bid": 0.001}, "price_band"),
    ("vast-ai", 0, {"min_bid": True}, "unreadable"),
    ("vultr", 0, {"hourly_cost_preemptible": "cheap"}, "unreadable"),
    ("runpod", 0, {"secureSpotPrice": 1e9}, "unreadable"),
]


@pytest.mark.parametrize(("slug", "place", "fields", "rule"), ODD_SPOT)
def test_an_odd_spot_price_waits_and_the_others_are_stored(slug, place, fields, rule):
    found, before = after(slug, row(fields, place)), as_recorded(slug)
    assert (found.refused, new_ends(slug, found)) == ("", {})
    assert [(one.rule, one.columns) for one in found.held] == [(rule, (SPOT,))]
    key = found.held[0].instance_type, found.held[0].region
    assert found.offers[key].price_per_hour == before.offers[key].price_per_hour
    assert untouched(slug, found, [key[0]])


ODD_ON_DEMAND = [
    ("novita", 0, {"price": "n/k"}),
    ("vultr", 0, {"hourly_cost": "2..5", "hourly_cost_preemptible": 0.9}),
    ("vast-ai", 0, {"dph_total": "$-2", "min_bid": 1}),
    ("datacrunch", 0, {"price_per_hour": "1,2,3", "spot_price": "3.1"}),
]


@pytest.mark.parametrize(("slug", "place", "fields"), ODD_ON_DEMAND)
def test_an_odd_on_demand_price_waits_and_spot_is_stored(slug, place, fields):
    found = after(slug, row(fields, place))
    assert [one.columns for one in found.held] == [("price_per_hour",)]
    offer = found.offers[found.held[0].instance_type, found.held[0].region]
    assert offer.price_per_hour is None
    assert offer.price_per_hour_spot


@pytest.mark.parametrize("fields", [{"monthly_cost": "x"}, {"monthly_cost": -1}, {"monthly_cost": {}}])
def test_an_odd_monthly_price_leaves_the_hourly_one(fields):
    found = after("vultr", row(fields))
    assert [one.columns for one in found.held] == [("price_per_month",)]


def test_a_bid_has_the_disk_added_that_the_total_includes():
    listing = {"dph_total": 1.0, "min_bid": 0.95, "storage_total_cost": 0.1}
    found = after("vast-ai", row(listing))
    assert found.offers["1x h100 sxm 80gb", ""].price_per_hour_spot is None
    found = after("vast-ai", row({**listing, "min_bid": 0.5}))
    assert f"{found.offers['1x h100 sxm 80gb', ''].price_per_hour_spot:.2f}" == "0.60"


TEXTS = [
    ("novita", 0, {"price": "21000.00", "spotPrice": "11000"}),
    ("datacrunch", 0, {"price_per_hour": "$8.62"}),
    ("seeweb", 0, {"hourly_price": "0.29 €"}),
    ("hyperbolic", 0, {"costPerHourCents": "319"}),
    ("oci", 0, {"gpuQty": "4"}),
    ("io-net", 0, {"num_cards": "8", "price": "27.875342465753423"}),
]


@pytest.mark.parametrize(("slug", "place", "fields"), TEXTS)
def test_a_number_written_as_text_is_the_number(slug, place, fields):
    found = after(slug, row(fields, place))
    assert (new_ends(slug, found), untouched(slug, found)) == ({}, True)


@pytest.mark.parametrize(
    ("slug", "fields"), [("hyperbolic", {"costPerHourCents": "$3.19"}), ("novita", {"price": "0.21 USD"})]
)
def test_an_amount_in_whole_dollars_where_cents_were_is_not_divided(slug, fields):
    [held] = after(slug, row(fields)).held
    assert held.rule == "unreadable"


@pytest.mark.parametrize(("slug", "fields"), [("prime-intellect", {"prices.currency": "XYZ"})])
def test_a_currency_without_a_rate_costs_its_row(slug, fields):
    found = after(slug, row(fields))
    assert new_ends(slug, found) == {"held_back:unknown_currency": 1}
    assert untouched(slug, found, [found.held[0].instance_type])


def test_equal_listings_whose_one_price_is_odd_keep_the_other():
    found = after("vast-ai", another({"dph_total": 5, "min_bid": "low"}))
    assert [one.columns for one in found.held] == [(SPOT,)]
    assert new_ends("vast-ai", found) == {"merged": 1}


@pytest.mark.postgres
def test_probe_stores_the_price_beside_an_absurd_bid(probe):
    told = probe("vast-ai", row({"min_bid": 0.01}))
    [ours] = [one for one in told["offers"] if one["gpu_slug"] == "h100-sxm"]
    assert (ours["price_per_hour"] is not None, ours.get(SPOT), ours["kept_prices"]) == (True, None, [SPOT])
    assert [(one["rule"], one["columns"]) for one in told["held_back"]] == [("price_band", [SPOT])]
