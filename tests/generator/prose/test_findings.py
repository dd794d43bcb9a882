from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from lxml import html

from generator.catalogue.slices import SliceReader
from generator.catalogue.views.gpus import gpu_line
from generator.catalogue.views.providers import led_gpus, provider_line
from generator.model.blocks import Link
from generator.model.lists import PlaceLine
from generator.pages import gpu_detail
from generator.prose import findings
from generator.prose.markdown import to_html
from tests.generator.catalogues import LD, catalogue, gpu, offer, provider

SPECS = {"fp16_tflops": Decimal(990), "memory_bandwidth_gbps": 3350, "vram_gb": 80}


def shown(markdown):
    return html.fromstring(to_html(markdown)).text_content().strip() if markdown else ""


def answer(*rows):
    """What the first sentences of a GPU's page leave to what stands out."""
    page = gpu_detail.PAGE_TYPE.page(SliceReader(catalogue(*rows)), LD, "a")
    return shown(page.words["more"]).partition("a ranked on-demand price.")[2].strip()


def at(prices, **values):
    return [offer("a", f"p{number}", price, **values) for number, price in enumerate(prices)]


def sized(provider, count, price):
    return offer("a", provider, price * count, gpu_count=count, instance_type=f"{count}x")


def test_a_floor_far_below_the_next_is_compared_with_it():
    assert answer(*at([2, 3, 4])) == "The next cheapest seller, P1, asks $3.00: 50% more."
    assert answer(*at(["2", "2.39", "4"])) == ""


def test_several_sellers_at_about_the_lowest_price_are_counted():
    assert answer(*at([2, "2.1", "2.1", 4])) == "3 sellers ask no more than 5% above the lowest price."
    assert answer(*at([2, "2.11", "2.11", 4])) == ""


def test_a_gpu_that_is_sold_in_large_machines_only_says_so():
    text = answer(sized("ash", 8, 2), sized("elm", 4, 2))
    assert text == "No ranked offer that states its size has fewer than 4 of them."


def test_what_one_alone_costs_is_set_beside_the_machine_that_most_sell():
    rows = sized("ash", 1, 3), sized("ash", 8, 2), sized("elm", 8, 4), sized("fir", 16, 1)
    assert answer(*rows).startswith(
        "Where the size is stated, one GPU alone costs from $3.00, in machines of 8 from $2.00 per"
    )
    assert answer(*rows[:3]).startswith("One GPU alone costs from $3.00, in machines of 8 from $2.00 per GPU-hour.")
    assert answer(sized("ash", 1, 2), sized("elm", 8, 2)) == ""


def test_kinds_of_sellers_with_medians_far_apart_are_compared():
    kinds = [
        provider(f"p{number}", provider_type="hyperscaler" if number > 2 else "marketplace") for number in range(6)
    ]
    assert "The median of 3 hyperscalers is 2.0 times that of 3 marketplaces." in answer(*kinds, *at([2] * 3 + [4] * 3))


def test_an_alternative_is_named_only_where_it_is_no_slower_has_the_memory_and_costs_clearly_less():
    rows = [gpu("a", **SPECS), *at([3, 3]), *(offer("b", f"p{number}", 2) for number in range(2))]
    text = answer(*rows, gpu("b", **SPECS))
    assert text == "The b has as much memory, is about as fast or faster on paper, and starts at $2.00."
    for slower in (
        {"fp16_tflops": Decimal(500)},
        {"memory_bandwidth_gbps": 1000},
        {"vram_gb": 48},
        {"fp16_tflops": None},
    ):
        assert answer(*rows, gpu("b", **{**SPECS, **slower})) == ""


def test_no_more_than_two_things_are_said_of_a_gpu():
    rows = sized("ash", 1, 1), sized("ash", 8, 2), sized("elm", 8, 4), sized("fir", 8, 8)
    assert answer(*rows).count(".  ") + answer(*rows).count(". ") == 1


def test_a_provider_leads_where_at_least_two_others_ask_more():
    known = catalogue(
        offer("a", "ash", 1), offer("b", "ash", 1), offer("a", "elm", 2), offer("b", "elm", 2), offer("a", "fir", 3)
    )
    line, leads = provider_line(known, "ash"), led_gpus(known, "ash")
    assert shown(findings.of_provider(line, leads)) == "It has the lowest ranked on-demand price for the a."
    assert led_gpus(known, "elm") == ()


def test_a_provider_without_a_ranked_price_says_why():
    known = catalogue(offer("a", "ash", 1, freshness="aging"))
    old = replace(provider_line(known, "ash"), freshness="aging", confirmed_at=datetime(2026, 1, 21, tzinfo=UTC))
    assert findings.of_provider(old, ()) == "None of its prices is ranked: they were last read on 21 Jan 2026."
    assert findings.of_provider(replace(old, freshness="fresh"), ()).startswith(
        "None of its on-demand prices is ranked"
    )
    assert findings.of_provider(replace(old, floor=Decimal(1)), ()) == ""


def test_a_region_opens_with_its_lowest_price():
    place = PlaceLine(Link("A", "/gpu/a/"), Decimal(2), Link("Ash", "/provider/ash/"), "fra*1*", 1, None, 0, None)
    assert (
        shown(findings.of_region([place]))
        == "The lowest ranked on-demand price is $2.00 per GPU-hour, for the A at Ash, fra*1*."
    )
    assert findings.of_region([]) == ""


def test_the_data_sheets_of_two_gpus_are_compared_as_far_as_they_are_known():
    twice = {"fp16_tflops": Decimal(1980), "memory_bandwidth_gbps": None}
    known = catalogue(gpu("a", **SPECS), gpu("b", **twice), offer("a", "ash", 1), offer("b", "ash", 2))
    one, other = gpu_line(known, "a"), gpu_line(known, "b")
    assert shown(findings.on_paper(one, other)) == "On paper the b has 2.00 times the dense FP16 of the a."
    assert findings.on_paper(one, replace(other, fp16_tflops=None)) == ""
