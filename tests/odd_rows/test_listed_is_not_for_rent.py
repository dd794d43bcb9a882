"""What is listed with a price but can't be rented is no offer, or a sold-out one."""

import pytest

from tests.faults.rows import as_recorded
from tests.odd_rows.edited import after, another, new_ends, row, untouched

NOT_LET = [
    ("runpod", 7, {"maxGpuCountSecureCloud": 0}),
    ("runpod", 7, {"maxGpuCountSecureCloud": "0"}),
    ("hyperbolic", 0, {"enabled": False}),
    ("hyperbolic", 0, {"enabled": "false"}),
    ("vultr", 0, {"deploy_ondemand": False}),
    ("vultr", 0, {"deploy_ondemand": False, "hourly_cost_preemptible": 0.8, "deploy_preemptible": False}),
    ("cloudrift", 1, {"variants": []}),
]


@pytest.mark.parametrize(("slug", "place", "fields"), NOT_LET)
def test_a_tier_in_which_nothing_is_for_rent_makes_no_offer(slug, place, fields):
    found = after(slug, row(fields, place))
    assert not found.refused
    assert new_ends(slug, found) == {"left_out:not_let": 1}
    assert len(found.offers) == len(as_recorded(slug).offers) - 1


@pytest.mark.parametrize(
    ("slug", "place", "fields", "rule"),
    [
        ("lium", 4, {"available_gpu_count": 0}, "let_already"),
        ("lium", 4, {"available_gpu_count": "7"}, "let_already"),
        ("vast-ai", 0, {"rentable": False}, "let_already"),
        ("vast-ai", 0, {"rented": "true"}, "let_already"),
        ("oci", 0, {"hidden": True}, "retired"),
        ("oci", 0, {"status": "DEPRECATED"}, "retired"),
        ("scaleway", 2, {"status": "end_of_deployment"}, "retired"),
        ("latitude-sh", 2, {"attributes.regions": []}, "no_such_machine"),
        ("datacrunch", 0, {"price_per_hour": "0"}, "no_price"),
        ("koyeb", 1, {"price_hourly": "contact us"}, "no_price"),
        ("seeweb", 0, {"hourly_price": 0}, "no_price"),
    ],
)
def test_what_is_no_longer_for_rent_is_left_out_by_rule(slug, place, fields, rule):
    found = after(slug, row(fields, place))
    assert not found.refused
    assert new_ends(slug, found) == {f"left_out:{rule}": 1}


SOLD_OUT = [
    ("akash", 0, {"availability": {"total": 3, "available": 0}}),
    ("cloudrift", 1, {"variants.0.nodes_per_dc": {"us-east-1": 2}, "variants.0.available_nodes_per_dc": {}}),
    ("cloudrift", 1, {"variants.0.available_nodes": 0}),
    ("cudo", 0, {"totalGpuFree": 0}),
    ("cudo", 0, {"totalGpuFree": "0"}),
    ("fluidstack", 0, {"regions": []}),
    ("hyperbolic", 0, {"totalAvailable": 0}),
    ("io-net", 0, {"sold_out": "true"}),
    ("koyeb", 1, {"status": "Unavailable"}),
    ("koyeb", 1, {"regions": []}),
    ("lambda-labs", 0, {"regions_with_capacity_available": []}),
    ("latitude-sh", 1, {"attributes.regions.0.stock_level": "none"}),
    ("novita", 0, {"availableDeploy": False}),
    ("novita", 0, {"availableDeploy": True, "regions": []}),
    ("paperspace", 0, {"availability": [{"region": "ny2", "isAvailable": False}]}),
    ("prime-intellect", 0, {"stockStatus": "out_of_stock"}),
    ("runpod", 7, {"secure": {"stockStatus": None}}),
    ("runpod", 7, {"secure": {"stockStatus": "None"}}),
    ("seeweb", 0, {"available_regions": []}),
    ("seeweb", 0, {"available": "false"}),
    ("sesterce", 0, {"availability.0.available": False}),
    ("vultr", 0, {"locations": []}),
]


@pytest.mark.parametrize(("slug", "place", "fields"), SOLD_OUT)
def test_what_has_no_availability_is_sold_out_and_keeps_its_price(slug, place, fields):
    found, before = after(slug, row(fields, place)), as_recorded(slug)
    assert not found.refused
    gone = {key: one for key, one in found.offers.items() if one.availability_status == "sold_out"}
    new = {key: one for key, one in gone.items() if before.offers[key].availability_status != "sold_out"}
    assert [one.price_per_hour for one in new.values()] == [before.offers[key].price_per_hour for key in new]
    assert len(new) == 1


def test_an_auction_without_capacity_is_sold_out_at_its_last_price():
    found = after("mithril", row({"last_instance_price": "$25.60", "capacity": 0}, 1))
    [offer] = found.offers.values()
    assert (f"{offer.price_per_hour_spot:.2f}", offer.availability_status) == ("25.60", "sold_out")


FALSE_SPOT = [
    ("datacrunch", 0, {"spot_price": "8.62"}),
    ("novita", 0, {"spotPrice": 21000}),
    ("vultr", 0, {"hourly_cost_preemptible": "1.7"}),
    ("vast-ai", 0, {"min_bid": 99}),
    ("sesterce", 0, {"hourlySpotPrice": 12.5, "spotOfferAvailable": False}),
]


@pytest.mark.parametrize(("slug", "place", "fields"), FALSE_SPOT)
def test_a_spot_price_that_is_not_cheaper_or_not_for_rent_is_not_stored(slug, place, fields):
    found, before = after(slug, row(fields, place)), as_recorded(slug)
    assert [one.price_per_hour for one in found.offers.values()] == [
        one.price_per_hour for one in before.offers.values()
    ]
    spots = {key for key, one in found.offers.items() if one.price_per_hour_spot}
    assert spots <= {key for key, one in before.offers.items() if one.price_per_hour_spot}


def test_a_cheaper_listing_that_is_rented_out_does_not_replace_a_free_one():
    cheaper = another({"totalAvailable": 0, "costPerHourCents": 150})
    found = after("hyperbolic", lambda rows: (row({"totalAvailable": 2})(rows), cheaper(rows)))
    offer = found.offers["virtual-machine/1x H100 sxm5", "us-east-1"]
    assert (f"{offer.price_per_hour:.2f}", offer.availability_status, offer.offers_merged) == ("3.19", "available", 2)
    assert untouched("hyperbolic", found, [offer.instance_type])


@pytest.mark.postgres
def test_probe_shows_neither_the_tier_nor_the_spot_price(probe):
    told = probe("runpod", row({"maxGpuCountSecureCloud": 0, "communitySpotPrice": 1.2, "communityPrice": 1.19}, 1))
    ours = [one for one in told["offers"] if one["gpu_slug"] == "a100-80gb-pcie"]
    assert [(one["instance_type"], one["price_per_gpu_hour"]) for one in ours] == [
        ("community/1x a100 pcie", "1.190000")
    ]
    assert told["no_spot"] == [["community/1x a100 pcie", ""]]
    assert {"rule": "not_let", "name": "secure/1x a100 pcie"} in told["left_out"]
