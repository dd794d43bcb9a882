from datetime import timedelta

from generator.catalogue.slices import SliceReader
from generator.formats import money
from generator.pages import cheapest_gpu, gpu_comparison, gpu_detail, provider_detail
from tests.generator.catalogues import AS_OF, HOSTILE, LD, catalogue, gpu, offer, trend

MARKET = (
    gpu("a", short_name="A1"),
    gpu("b", short_name="B1"),
    *(offer("a", slug, price) for slug, price in (("ash", 2), ("elm", 3), ("fir", 5))),
    *(offer("b", slug, price) for slug, price in (("ash", 4), ("elm", 6), ("fir", 9))),
)


def shown(kind, *key, rows=MARKET):
    return kind.PAGE_TYPE.page(SliceReader(catalogue(*rows)), LD, *key)


def test_a_gpu_s_card_has_the_figure_of_its_page_with_its_day_and_scale():
    page = shown(gpu_detail, "a")
    assert page.card.figure == money(page.body.gpu.floor) == "$2.00"
    assert page.card.said == "per GPU-hour: lowest on demand, at Ash"
    assert page.card.read_at == page.body.confirmed_at
    assert [text for text in ("lowest $2.00", "median $3.00", "highest $5.00") if text not in page.card.scale] == []
    assert page.card.trend == ""


def test_a_price_over_time_is_on_the_card():
    rows = [trend("a", (AS_OF - timedelta(days)).date(), price) for days, price in ((9, 3), (8, 2), (7, 2))]
    assert 'fill="none"' in shown(gpu_detail, "a", rows=(*MARKET, *rows)).card.trend


def test_a_gpu_without_a_ranked_price_has_no_figure():
    assert shown(gpu_detail, "a", rows=(offer("a", "ash", None, 3),)).card.figure == ""


def test_a_comparison_s_card_has_both_lowest_prices():
    page = shown(gpu_comparison, "a", "b")
    assert page.card.figure == "$2.00 vs $4.00"
    assert ["A1: $2.00 to $5.00" in page.card.scale, "B1: $4.00 to $9.00" in page.card.scale] == [True, True]


def test_a_list_s_card_has_its_first_price():
    rows = [*MARKET, *(offer("a", slug, 7) for slug in ("oak", "yew"))]
    page = shown(cheapest_gpu, "a", "on_demand", rows=rows)
    assert page.card.figure == money(page.body.sections[0].lines[0].price_per_gpu_hour) == "$2.00"


def test_a_provider_s_card_names_the_gpu_of_its_lowest_price():
    page = shown(provider_detail, "ash")
    assert (page.card.figure, page.card.said) == ("from $2.00", "per GPU-hour on demand, for A1")


def test_a_hostile_name_is_text_in_a_drawing():
    rows = (gpu("a", short_name=HOSTILE[0]), gpu("b"), *MARKET[2:])
    assert HOSTILE[0] not in shown(gpu_comparison, "a", "b", rows=rows).card.scale
