from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from generator.formats import money, plain_money
from generator.model.jsonld import JsonLd
from generator.model.page import Crumb
from tests.generator.catalogues import LD, SITE


@given(st.decimals("0.0001", "99999", places=6))
def test_an_amount_has_the_digits_that_the_page_shows(amount):
    assert money(amount) == f"${Decimal(plain_money(amount)):,}"


def test_an_amount_has_a_point_and_no_sign():
    assert [plain_money(Decimal(amount)) for amount in ("2.485", "1204", "0.013349")] == ["2.49", "1204.00", "0.0133"]


def test_an_aggregate_offer_is_a_rental_by_the_hour():
    offer = LD.aggregate_offer("/gpu/a/", Decimal("1.99"), Decimal("11.0625"), 12)
    assert (offer["lowPrice"], offer["highPrice"], offer["priceCurrency"], offer["offerCount"]) == (
        "1.99",
        "11.06",
        "USD",
        12,
    )
    assert offer["businessFunction"].endswith("#LeaseOut")
    assert (offer["priceSpecification"]["unitCode"], offer["priceSpecification"]["price"]) == ("HUR", "1.99")


def test_a_breadcrumb_counts_from_one_and_ends_at_the_page_itself():
    trail = LD.breadcrumb((Crumb("Home", "/"), Crumb("GPUs", "/gpu/"), Crumb("A", "")), "/gpu/a/")["itemListElement"]
    assert [(item["position"], item["name"]) for item in trail] == [(1, "Home"), (2, "GPUs"), (3, "A")]
    assert trail[-1]["item"] == "https://gpus.example/prices/gpu/a/"


def test_addresses_are_absolute_and_ids_stable():
    first, second = (LD.item_list("/gpu/", "GPUs", [("A", "/gpu/a/")]) for _ in range(2))
    assert first == second
    assert first["@id"] == "https://gpus.example/prices/gpu/#list"
    assert first["itemListElement"][0]["url"] == "https://gpus.example/prices/gpu/a/"


def test_the_site_and_its_maker_refer_to_each_other():
    assert LD.website()["publisher"]["@id"] == LD.organization()["@id"]
    assert (
        LD.article("/guides/x/", "X?", "Acme", date(2026, 1, 1), date(2026, 2, 1))["publisher"]
        == LD.website()["publisher"]
    )


def test_a_provider_has_its_own_address_or_its_page():
    links = ("https://ash.example", None, "https://ash.example/pricing")
    assert LD.provider("/provider/ash/", "Ash", links)["sameAs"] == ["https://ash.example/pricing"]
    assert LD.provider("/provider/ash/", "Ash", (None,))["url"] == "https://gpus.example/prices/provider/ash/"


def test_a_product_names_its_maker_and_bears_no_rating():
    product = JsonLd(SITE).product("/gpu/a/", "A", "NVIDIA", [("Memory", "80 GB")], {"@type": "AggregateOffer"})
    assert product["brand"] == {"@type": "Brand", "name": "NVIDIA"}
    assert product["additionalProperty"] == [{"@type": "PropertyValue", "name": "Memory", "value": "80 GB"}]
    assert not {"review", "aggregateRating"} & set(product)
