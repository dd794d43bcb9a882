from hypothesis import given, settings
from hypothesis import strategies as st

from generator.catalogue.slices import SliceReader
from generator.pages import gpu_comparison
from tests.generator.catalogues import DAY, LD, catalogue, gpu, offer, readings

NAMES = st.text(min_size=1, max_size=100).filter(str.strip)
BOTH = [offer(slug, name, price) for slug, price in (("a", 2), ("b", 3)) for name in ("ash", "elm")]


def page(*rows):
    return gpu_comparison.PAGE_TYPE.page(SliceReader(catalogue(*rows)), LD, "a", "b")


def test_a_pair_is_compared_at_one_address_with_its_verdict():
    made = page(*BOTH)
    assert made.path == "/compare/a-vs-b/"
    assert "costs 50% more per GPU-hour" in made.words["answer"]
    assert made.description.startswith("a from $2.00, b from $3.00 per GPU-hour on demand. Medians $2.00 and $3.00.")


def test_a_pair_is_indexable_with_two_providers_of_both():
    assert page(*BOTH).gate.state == "indexable"
    apart = page(*BOTH[:3], offer("b", "fir", 3))
    assert (apart.gate.state, apart.gate.reasons) == ("thin", ("few_shared",))


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


def test_the_joint_trend_is_of_one_source_that_read_both():
    both = [*readings("a", ash=1, elm=2, fir=3), *readings("b", ash=2, elm=3, fir=4)]
    figure = page(*BOTH, *both, *readings("b", source="others", oak=1, yew=1)).body.trend
    assert [row[0] for row in figure.table[1:]] == [
        "a Readers: median of 3 (reference)", "b Readers: median of 3 (reference)",
    ]  # fmt: skip

    assert figure.credit == "Readers (CC BY 4.0)"


def test_the_joint_trend_is_of_the_source_that_is_the_most_recent():
    old = [row for slug in "ab" for row in readings(slug, 99, source="old", x=1, y=2, z=3) if (DAY - row.day).days > 50]
    figure = page(*BOTH, *old, *readings("a", ash=1, elm=2), *readings("b", oak=2, elm=3)).body.trend
    assert {row[0] for row in figure.table[1:]} == {
        "a Readers: lowest of 2 (reference)",
        "b Readers: lowest of 2 (reference)",
    }


def test_readings_of_different_sources_are_not_drawn_together():
    assert page(*BOTH, *readings("a", ash=1, elm=1), *readings("b", source="others", ash=1, elm=1)).body.trend is None


def test_the_list_for_machines_names_both_and_no_product():
    (node,) = page(*BOTH).graph
    assert (node["@type"], [item["name"] for item in node["itemListElement"]]) == ("ItemList", ["NVIDIA a", "NVIDIA b"])


@settings(max_examples=40, deadline=None)
@given(NAMES, NAMES)
def test_title_and_description_fit_whatever_the_names(one, other):
    made = page(gpu("a", short_name=one), gpu("b", short_name=other), *BOTH)
    assert 0 < len(made.title) <= 60
    assert 0 < len(made.description) <= 155
