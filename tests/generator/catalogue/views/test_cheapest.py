from generator.catalogue.views.cheapest import cheapest_slugs, lists_not_made, nearby_lists, ranking, step_up
from tests.generator.catalogues import catalogue, gpu, offer, provider, term

FOUR = ("ash", "elm", "fir", "oak")


def listed(*rows, pricing_type="on_demand"):
    return ranking(catalogue(*rows), "a", pricing_type)


def names(lines):
    return [line.provider.text for line in lines]


def test_each_provider_has_one_place_by_its_cheapest_ranked_price():
    rows = [offer("a", "ash", 3, id="1"), offer("a", "ash", 2, id="2", instance_type="b"), offer("a", "elm", "2.5")]
    found = listed(*rows, offer("a", "fir", 1, freshness="aging"), offer("a", "oak", 1, price_basis="gpu_only"))
    assert [(line.provider.text, line.price_per_gpu_hour) for line in found.listed] == [("Ash", 2), ("Elm", 2.5)]


def test_only_offers_whose_answer_states_so_are_in_stock():
    stated, silent = offer("a", "ash", 3, availability_stated=True), offer("a", "elm", 2)
    gone = offer("a", "fir", 1, availability_stated=True, availability_status="sold_out")
    assert names(listed(stated, silent, gone).in_stock) == ["Ash"]


def test_spot_prices_have_a_ranking_of_their_own():
    rows = [offer("a", "ash", 3, 2), offer("a", "elm", 1)]
    assert [line.price_as("spot") for line in listed(*rows, pricing_type="spot").listed] == [2]


def test_a_cheap_price_says_what_it_gives_up():
    host = provider("ash", provider_type="marketplace")
    rows = [host, offer("a", "ash", 16, gpu_count=8, instance_type="Community 8x"), term("ash", "minimum_rental", 7200)]
    assert listed(*rows).listed[0].flags == (
        "marketplace host",
        "community cloud",
        "8× or more only",
        "minimum rental 2 hours",
    )


def test_a_larger_machine_is_no_condition_where_one_gpu_is_sold_too():
    rows = [offer("a", "ash", 8, gpu_count=8, id="1"), offer("a", "ash", 2, id="2")]
    assert listed(*rows).listed[0].flags == ("price of 8×",)


def test_a_list_needs_four_providers_with_a_ranked_price():
    rows = [offer("a", name, 2, 1) for name in FOUR] + [offer("b", name, 2) for name in FOUR[:3]]
    known = catalogue(*rows, offer("b", "oak", 2, freshness="aging"))
    assert (cheapest_slugs(known, "on_demand"), cheapest_slugs(known, "spot")) == (("a",), ("a",))


def test_a_list_that_is_not_made_leads_to_the_gpus_page():
    known = catalogue(*[offer("a", name, 2) for name in FOUR], offer("b", "ash", 1))
    assert lists_not_made(known) == {
        "/cheapest/b/": "/gpu/b/",
        "/cheapest/a/spot/": "/gpu/a/",
        "/cheapest/b/spot/": "/gpu/b/",
    }


def test_lists_link_to_those_closest_in_price():
    rows = [offer(slug, name, price) for price, slug in enumerate("abcdefgh", 1) for name in FOUR]
    assert [link.text for link in nearby_lists(catalogue(*rows), "e", "on_demand")] == ["b", "c", "d", "f", "g", "h"]


def test_one_step_up_costs_more_and_is_worse_in_nothing():
    rows = [gpu("b", vram_gb=141), gpu("c", vram_gb=40), gpu("d", vram_gb=192)]
    prices = [offer("a", "ash", 2), offer("b", "ash", 3), offer("c", "ash", 4), offer("d", "ash", 1)]
    assert [line.slug for line in step_up(catalogue(*rows, *prices), "a")] == ["b"]
