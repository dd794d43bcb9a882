from generator.catalogue.slices import SliceReader
from generator.pages import cheapest_gpu
from tests.generator.catalogues import LD, catalogue, offer, readings, term

FOUR = [offer("a", name, price, price - 1) for price, name in enumerate(("ash", "elm", "fir", "oak"), 2)]


def page(*rows, pricing_type="on_demand"):
    return cheapest_gpu.PAGE_TYPE.page(SliceReader(catalogue(*FOUR, *rows)), LD, "a", pricing_type)


def test_the_answer_has_the_cheapest_by_each_meaning():
    terms = [term("elm", "storage_running", "0.1", "per GB-month"), term("elm", "egress", 0, "per GB")]
    stated = offer("a", "yew", 9, availability_stated=True)
    assert page(stated, *terms).words["answer"] == (
        "The lowest on-demand price listed for the [a](/gpu/a/) is **$2.00 per GPU-hour** at [Ash](/provider/ash/).\n\n"
        "The lowest that its provider listed as in stock is **$9.00 per GPU-hour** at [Yew](/provider/yew/). "
        "With 500 GB of storage and 1 TB of traffic, 730 hours cost the least, **$2,240.00** at [Elm](/provider/elm/)."
    )


def test_what_no_answer_says_is_said_of_no_stock():
    made = page()
    assert "None of these providers’ answers says whether the GPU is in stock." in made.words["answer"]
    assert [section.anchor for section in made.body.sections] == ["listed"]


def test_the_list_for_machines_is_in_the_pages_order():
    assert [item["name"] for item in page().graph[0]["itemListElement"]] == ["Ash", "Elm", "Fir", "Oak"]


def test_a_spot_list_has_only_what_is_known_of_spot_prices():
    terms = [term("ash", "storage_running", "0.1", "per GB-month"), term("ash", "egress", 0, "per GB")]
    body = page(*terms, *readings("a", ash=1), pricing_type="spot").body
    assert (len(body.scenarios), body.trend, body.sections[0].column) == (0, None, "spot")


def test_how_the_lowest_price_moved_has_no_median():
    prices = dict.fromkeys(("ash", "elm", "fir"), 1)
    assert "edian" not in page(*readings("a", **prices)).body.trend.svg


def test_a_gpu_with_both_lists_links_one_to_the_other():
    assert page().body.related[1].path == "/cheapest/a/spot/"
    assert page(pricing_type="spot").body.related[1].path == "/cheapest/a/"
