import re
from datetime import timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from generator.catalogue.catalogue import midnight
from generator.catalogue.slices import SliceReader
from generator.pages import gpu_comparison
from tests.generator.catalogues import AS_OF, DAY, LD, catalogue, gpu, offer, readings

NAMES = st.text(min_size=1, max_size=100).filter(str.strip)
BOTH = [offer(slug, name, price) for slug, price in (("a", 2), ("b", 3)) for name in ("ash", "elm")]


def page(*rows):
    return gpu_comparison.PAGE_TYPE.page(SliceReader(catalogue(*rows)), LD, "a", "b")


SELLERS = ("ash", "elm", "fir", "oak")
# Who sells b for half as much sells no a: the markets say that b is the cheaper one, each seller of both the opposite.
TURNED = [
    *(offer("a", name, price) for name, price in zip(SELLERS, (2, 4, 10, 20), strict=True)),
    *(offer("b", name, price) for name, price in zip(SELLERS, (3, 5, 12, 24), strict=True)),
    *(offer("b", f"only-{n}", 1) for n in range(9)),
]


def test_a_pair_is_compared_at_the_providers_that_sell_both():
    made = page(*TURNED)
    assert made.path == "/compare/a-vs-b/"
    assert made.body.ratio == Decimal("1.225")  # of 1.5, 1.25, 1.2 and 1.2
    assert "At the 4 providers that rent out both, the NVIDIA b costs **23% more**" in made.words["answer"]
    assert made.description.startswith("a from $2.00, b from $1.00 per GPU-hour on demand. b costs 23% more at 4 ")


def test_both_markets_are_drawn_on_one_axis():
    drawn = page(*TURNED).body.markets.svg
    assert "a, median $7.00" in drawn
    assert "b, median $1.00" in drawn
    assert "a: 4 providers, each with its lowest price" in drawn


def test_three_providers_of_both_make_no_headline():
    made = page(*(one for one in TURNED if one.provider_slug != "oak"))
    assert (made.body.ratio, len(made.body.shared)) == (None, 3)
    assert "%" not in made.words["answer"]


def test_prices_are_compared_at_the_smallest_number_of_gpus_that_a_provider_has_both_in():
    sizes = [offer("a", "ash", 2), *(offer(slug, "ash", 8 * per, gpu_count=8) for slug, per in (("a", 1), ("b", 3)))]
    made = page(*sizes, offer("a", "elm", 4), offer("b", "elm", 5))
    assert [(price.subject.text, price.a_count, price.a, price.b) for price in made.body.shared] == [
        ("Ash", 8, 1, 3),
        ("Elm", 1, 4, 5),
    ]


def test_there_is_a_page_with_two_providers_that_sell_both_in_one_number():
    assert list(gpu_comparison.keys(catalogue(*BOTH))) == [("a", "b")]
    assert list(gpu_comparison.keys(catalogue(*BOTH[:3], offer("b", "fir", 3)))) == []
    assert list(gpu_comparison.keys(catalogue(*BOTH[:3], offer("b", "elm", 24, gpu_count=8)))) == []


def test_prices_stand_side_by_side_by_pricing_type_and_never_across_types():
    made = page(*BOTH, offer("b", "fir", None, 1))
    prices = {fact.label: (fact.a, fact.b, fact.ratio) for fact in made.body.prices}
    assert prices["On demand, lowest"] == ("$2.00", "$3.00", "1.50×")
    assert prices["Spot, lowest"] == ("–", "$1.00", "")


def test_specs_have_a_ratio_only_where_both_are_measured():
    made = page(gpu("a", tdp_watts=400, form_factor="SXM4"), gpu("b", vram_gb=160, form_factor="SXM5"), *BOTH)
    specs = {fact.label: (fact.a, fact.b, fact.ratio) for fact in made.body.specs}
    assert specs["Memory"] == ("80 GB", "160 GB", "2.00×")
    assert specs["Board power"] == ("400 W", "–", "")
    assert specs["Form factor"] == ("SXM4", "SXM5", "")
    assert "FP8 dense" not in specs


def lines(figures):
    return [[row[0] for row in figure.table[1:]] for figure in figures]


def test_each_gpu_has_a_chart_of_one_source_that_read_both():
    both = [*readings("a", ash=1, elm=2, fir=3), *readings("b", ash=2, elm=3, fir=4)]
    trends = page(*BOTH, *both, *readings("b", source="others", oak=1, yew=1)).body.trends
    read = ["Readers: lowest of 3 (reference)", "Readers: median of 3 (reference)"]
    assert lines(trends) == [read, read]
    assert [figure.credit for figure in trends] == ["Readers (CC BY 4.0)"] * 2
    assert [figure.title.partition(":")[0] for figure in trends] == ["a", "b"]


def test_the_charts_of_a_pair_have_the_same_axes():
    both = [*readings("a", days=40, ash=1, elm=2), *readings("b", days=20, ash=8, elm=9)]
    one, other = page(*BOTH, *both).body.trends
    assert one.span == other.span
    axes = [re.findall(r'viewBox="[^"]+"|data-from="[^"]+"|class="chart[^"]*"', figure.svg) for figure in (one, other)]
    assert axes[0] == axes[1]
    assert [">$8.00<" in figure.svg for figure in (one, other)] == [False, True]


def test_the_charts_of_a_pair_are_of_the_source_that_is_recent_and_has_the_most_providers():
    old = [row for slug in "ab" for row in readings(slug, 99, source="old", x=1, y=2, z=3) if (DAY - row.day).days > 50]
    trends = page(*BOTH, *old, *readings("a", ash=1, elm=2), *readings("b", oak=2, elm=3)).body.trends
    assert lines(trends) == [["Readers: lowest of 2 (reference)"]] * 2
    fuller = [row for slug in "ab" for row in readings(slug, source="old", x=1, y=2, z=3) if row.day < DAY]
    trends = page(*BOTH, *fuller, *readings("a", ash=1, elm=2), *readings("b", oak=2, elm=3)).body.trends
    assert {name for own in lines(trends) for name in own} == {
        "Old: lowest of 3 (reference)",
        "Old: median of 3 (reference)",
    }


def test_readings_of_different_sources_are_not_drawn_together():
    assert page(*BOTH, *readings("a", ash=1, elm=1), *readings("b", source="others", ash=1, elm=1)).body.trends == ()


def test_the_list_for_machines_names_both_and_no_product():
    (node,) = page(*BOTH).graph
    assert (node["@type"], [item["name"] for item in node["itemListElement"]]) == ("ItemList", ["NVIDIA a", "NVIDIA b"])


@settings(max_examples=40, deadline=None)
@given(NAMES, NAMES)
def test_title_and_description_fit_whatever_the_names(one, other):
    made = page(gpu("a", short_name=one), gpu("b", short_name=other), *BOTH)
    assert 0 < len(made.title) <= 60
    assert 0 < len(made.description) <= 155


def test_the_page_names_the_newest_day_on_which_a_ranked_price_of_either_was_read():
    days = [AS_OF - timedelta(days=days) for days in (3, 2, 1)]
    old, new, unranked = (offer("a", name, 2, last_confirmed_at=at) for name, at in zip(SELLERS, days, strict=False))
    assert page(*BOTH[2:], old, new).newest == midnight(BOTH[2].last_confirmed_at)
    assert page(
        old, new, unranked._replace(is_ranked=False), offer("b", "ash", 1, last_confirmed_at=days[0])
    ).newest == (midnight(days[1]))
