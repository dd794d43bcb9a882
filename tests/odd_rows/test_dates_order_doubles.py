"""A price of another day is not stored, the order of rows changes nothing, two prices of one offer are held back."""

import random

import pytest

from tests.faults.rows import as_recorded
from tests.odd_rows.edited import after, another, new_ends, untouched

T4 = ("Standard_NC16as_T4_v3", "eastus")


@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize(
    ("day", "end"),
    [
        ({"effectiveStartDate": "2027-01-01"}, "scheduled"),
        (
            {"effectiveStartDate": "2024-01-01T00:00:00Z", "effectiveEndDate": "2025-12-31T23:59:59Z"},
            "left_out:not_in_force",
        ),
        ({"effectiveStartDate": "2027-01-01T00:00:00+02:00", "type": "Consumption"}, "scheduled"),
    ],
)
def test_a_price_of_another_day_is_announced_or_left_out(day, end, last):
    found = after("azure", another({**day, "retailPrice": 0.6}, last=last))
    assert new_ends("azure", found) == {end: 1}
    assert untouched("azure", found)


DOUBLES = [
    ("koyeb", 1, {"price_hourly": "0.95"}, "0.75 and 0.95"),
    ("seeweb", 0, {"hourly_price": 0.31}, "0.29 and 0.31"),
    ("datacrunch", 0, {"price_per_hour": "9"}, "8.62 and 9"),
    ("vultr", 0, {"hourly_cost": 1.9}, "1.671 and 1.9"),
    ("latitude-sh", 0, {"attributes.regions.0.pricing.USD.hour": 120}, "120 and 128"),
    ("ovhcloud", 0, {"pricings.0.price": 190000000}, "1.8 and 1.9"),
    ("azure", 0, {"retailPrice": 1.5}, "1.204 and 1.5"),
    ("novita", 0, {"price": "22000"}, "0.21 and 0.22"),
]


@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize(("slug", "place", "fields", "prices"), DOUBLES)
def test_two_prices_of_one_offer_are_both_held_back_and_named(slug, place, fields, prices, last):
    found = after(slug, another(fields, place, last=last))
    assert new_ends(slug, found) == {"held_back:equal_keys": 2}
    assert all(f"different values of price_per_hour: {prices}" in one.detail for one in found.held)
    assert untouched(slug, found, [found.held[0].instance_type])
    assert not found.refused


LISTINGS = [
    ("hyperbolic", {"costPerHourCents": 300}, "3.00"),
    ("io-net", {"price": 20}, "20.00"),
    ("lium", {"price_per_node_hour": "60"}, "60.00"),
    ("prime-intellect", {"prices.onDemand": 4.5}, "4.50"),
    ("vast-ai", {"dph_total": 1.2}, "1.20"),
]


@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize(("slug", "fields", "price"), LISTINGS)
def test_the_cheapest_of_a_marketplaces_equal_listings_is_stored_with_their_number(slug, fields, price, last):
    found = after(slug, another(fields, last=last))
    before = as_recorded(slug).offers
    [offer] = [one for key, one in found.offers.items() if one.offers_merged > before[key].offers_merged]
    assert (f"{offer.price_per_hour:.2f}", new_ends(slug, found)) == (price, {"merged": 1})


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize(
    ("slug", "place", "fields"), [("koyeb", 1, {"status": "unavailable"}), ("seeweb", 0, {"available_regions": []})]
)
def test_an_offer_both_available_and_sold_out_at_one_price_is_for_rent_in_any_order(slug, place, fields, first):
    found = after(slug, another(fields, place, last=not first))
    assert new_ends(slug, found) == {"joined": 1}
    assert {one.availability_status for one in found.offers.values()} == {
        one.availability_status for one in as_recorded(slug).offers.values()
    }


@pytest.mark.parametrize("slug", ["azure", "hyperbolic", "lium", "koyeb", "sesterce", "vast-ai"])
def test_odd_rows_in_another_order_end_the_same(slug):
    def odd(rows):
        another({}, 0)(rows)
        another({}, 1, last=False)(rows)

    def shuffled(rows):
        odd(rows)
        random.Random(slug).shuffle(rows)

    one, other = after(slug, odd), after(slug, shuffled)
    assert (one.offers, one.account, one.refused) == (other.offers, other.account, other.refused)


@pytest.mark.postgres
def test_probe_says_which_price_is_announced_and_which_is_stored(probe):
    told = probe("azure", another({"effectiveStartDate": "2027-01-01", "retailPrice": 0.6}, last=True))
    [ours] = [one for one in told["offers"] if (one["instance_type"], one["region"]) == T4]
    assert ours["price_per_gpu_hour"] == "1.204000"
    [later] = told["scheduled"]
    assert (later["instance_type"], later["price_per_gpu_hour"]) == ("Standard_NC16as_T4_v3", "0.6000")
    assert (later["starts_at"], told["left_out"]) == ("2027-01-01T00:00:00+00:00", [])
