from decimal import Decimal

from scrapers.providers import digitalocean
from tests.scrapers.providers.replayed import combined, decoded, recorded_offers


def section(name, *rows):
    cells = "".join(f"<tr><td>{gpu}</td><td>{price}</td></tr>" for gpu, price in rows)
    return f'<h2 id="{name}">x</h2><p>At these rates:</p><table><tr><th>GPU</th><th>Price</th></tr>{cells}</table>'


def parsed(*sections):
    return combined(digitalocean.offers(decoded(digitalocean.SOURCE, "".join(sections))))


def test_prices_are_those_of_the_page() -> None:
    offers = recorded_offers(digitalocean)
    assert offers["NVIDIA H100"].price == Decimal("4.41")
    assert offers["AMD MI325X"].price == Decimal("3.8")
    assert offers["NVIDIA RTX 6000"].price == Decimal("1.57")


def test_a_price_is_the_whole_droplets() -> None:
    h200 = recorded_offers(digitalocean)["NVIDIA H200 (8x)"]
    assert (h200.price, h200.gpu_count, h200.price_unit) == (Decimal("4.47") * 8, 8, "instance_hour")


def test_the_cards_named_rtx_are_of_the_ada_generation() -> None:
    offers = recorded_offers(digitalocean)
    assert offers["NVIDIA RTX 4000"].gpu_name == "NVIDIA RTX 4000 Ada"
    assert offers["NVIDIA RTX 6000"].gpu_name == "NVIDIA RTX 6000 Ada"


def test_spot_prices_differ_from_those_on_demand() -> None:
    b300 = recorded_offers(digitalocean)["NVIDIA B300, air-cooled (8x)"]
    assert (b300.gpu_name, b300.price, b300.price_spot) == ("NVIDIA B300", None, Decimal("89.52"))


def test_both_prices_of_a_droplet_make_one_offer() -> None:
    offers = parsed(
        section("on-demand-gpu-droplet-pricing", ("NVIDIA H100 (8x)", "$35.28 per hour")),
        section("spot-gpu-droplet-pricing", ("NVIDIA H100 (8x)", "$20 per hour")),
        section("contract-gpu-droplet-pricing", ("NVIDIA H100 (8x)", "Per contract after contacting sales")),
    )
    offer = offers["NVIDIA H100 (8x)"]
    assert (offer.price, offer.price_spot, offer.availability) == (Decimal("35.28"), 20, None)


def test_a_droplet_under_contract_is_to_be_asked_for() -> None:
    offers = parsed(section("contract-gpu-droplet-pricing", ("NVIDIA B300", "Per contract after contacting sales")))
    assert offers["NVIDIA B300"].availability == "contact_sales"


def test_a_section_without_a_table_does_not_take_the_next_ones() -> None:
    bare = '<h2 id="on-demand-gpu-droplet-pricing">x</h2><p>Soon.</p>'
    offers = parsed(bare, section("spot-gpu-droplet-pricing", ("AMD MI350X", "$4.00 per hour")))
    assert offers["AMD MI350X"].price is None


def test_an_unknown_form_of_name_is_an_error() -> None:
    page = section("on-demand-gpu-droplet-pricing", ("NVIDIA H100 (8x) new", "$1 per hour"))
    [row] = digitalocean.offers.parse(decoded(digitalocean.SOURCE, page)).unreadable
    assert "'NVIDIA H100 (8x) new' is not the name of a GPU Droplet" in row.reason
