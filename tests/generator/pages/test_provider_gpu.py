from datetime import timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from generator.catalogue.slices import SliceReader
from generator.pages import provider_gpu
from tests.generator.catalogues import AS_OF, LD, catalogue, gpu, observed, offer, provider, readings, step, term

NAMES = st.text(min_size=1, max_size=100).filter(str.strip)
# Ash rents out one GPU in two regions and a node of eight; others ask 2, 3 and 5 for one GPU.
HERE = [
    offer("a", "ash", 4, region="east", instance_type="one"),
    offer("a", "ash", 5, region="west", instance_type="one"),
    offer("a", "ash", 24, 8, gpu_count=8, region="east", instance_type="node"),
]
ELSEWHERE = [offer("a", name, price) for name, price in (("elm", 2), ("fir", 3), ("oak", 5))]


def page(*rows):
    return provider_gpu.PAGE_TYPE.page(SliceReader(catalogue(*rows)), LD, "ash", "a")


def keys(*rows):
    return list(provider_gpu.keys(catalogue(*rows)))


def test_there_is_a_page_with_two_configurations_or_regions():
    assert keys(*HERE[:2], *ELSEWHERE) == [("ash", "a")]
    assert keys(HERE[0], *ELSEWHERE) == []
    assert keys(offer("a", "ash", 4, available_regions=["east", "west"])) == [("ash", "a")]
    assert keys(HERE[0], offer("a", "ash", None, 2, region="west")) == []


def test_each_region_has_a_line_of_its_own():
    (on_demand, spot) = page(*HERE, *ELSEWHERE).body.sections
    assert [(line.instance_type, *line.regions, line.price_per_gpu_hour) for line in on_demand.lines] == [
        ("node", "east", 3), ("one", "east", 4), ("one", "west", 5),
    ]  # fmt: skip
    assert [line.instance_type for line in spot.lines] == ["node"]


def test_a_configuration_with_several_prices_is_one():
    assert "3 configurations in 2 regions." in page(*HERE, *ELSEWHERE).description


def test_the_cheaper_ones_are_of_a_stated_size_where_there_is_one():
    unsized = [offer("a", "ash", 1, size_stated=False), offer("a", "oak", "0.5", size_stated=False)]
    assert [one.gpu_count for one in page(*HERE, *ELSEWHERE, *unsized).body.cheaper] == [1, 1]


def test_the_price_per_gpu_is_worked_out_in_sight():
    words = page(*HERE, *ELSEWHERE).words
    assert words["answer"].startswith("Ash rents out the NVIDIA a from **$3.00 per GPU-hour** on demand, in a ")
    assert words["arithmetic"] == ("node costs $24.00 an hour; divided by its 8 GPUs, that is $3.00 per GPU-hour.")


def test_it_stands_against_those_who_rent_out_as_many_and_only_cheaper_ones_are_named():
    made = page(*HERE, *ELSEWHERE)
    assert made.words["standing"] == (
        "For machines with one GPU, its price is 33% above the median of the 3 other sellers of the a: "
        "$3.00 per GPU-hour."
    )
    assert [(one.provider.text, one.price_per_gpu_hour, one.less) for one in made.body.cheaper] == [
        ("Elm", 2, Decimal("0.5")), ("Fir", 3, Decimal("0.25")),
    ]  # fmt: skip


def test_pages_of_one_provider_and_of_one_gpu_lead_to_each_other():
    others = [offer("b", "ash", 1, region=region) for region in ("east", "west")]
    others += [offer("a", "elm", 1, region=region) for region in ("east", "west")]
    body = page(*HERE, *others).body
    assert [(link.text, link.path) for link in body.gpus] == [("b", "/provider/ash/b/")]
    assert [(link.text, link.path) for link in body.providers] == [("Elm", "/provider/elm/a/")]


def everywhere(gpus, sellers):
    return [offer(slug, name, 1, region=region) for slug in gpus for name in sellers for region in ("east", "west")]


def test_it_is_indexable_where_three_pages_like_it_lead_to_it_to_which_others_lead():
    assert page(*HERE, *everywhere("bc", ["ash"])).gate.reasons == ("few_links",)
    assert page(*HERE, *everywhere("bcd", ["ash"])).gate.state == "indexable"
    alone = everywhere("b", ["ash"]) + everywhere("a", ["elm", "fir"])
    assert page(*HERE, *alone).gate.reasons == ("few_links",)


def test_its_product_has_one_offer_at_the_price_shown():
    (product,) = page(*HERE, *ELSEWHERE).graph
    assert (product["offers"]["@type"], product["offers"]["price"]) == ("Offer", "3.00")


def test_a_price_that_changed_in_sixty_days_is_enough_for_a_page():
    moved = [step("ash/a", 5, 60, 9), step("ash/a", 4, 9)]
    assert keys(HERE[0], *moved) == [("ash", "a")]
    assert keys(HERE[0], step("ash/a", 5, 59, 9), step("ash/a", 4, 9)) == []
    assert keys(HERE[0], step("ash/a", 4, 60)) == []
    assert keys(*ELSEWHERE, *moved) == []


def test_more_than_twenty_offers_have_a_page_that_is_thin_without_two_fresh_prices():
    many = [offer("a", "ash", None, 2, region=str(n)) for n in range(21)]
    assert keys(*many[1:], *ELSEWHERE) == []
    assert keys(*many, *ELSEWHERE) == [("ash", "a")]
    assert page(*many, *ELSEWHERE, *everywhere("bcde", ["ash"])).gate.reasons == ("few_places",)


def test_its_history_has_each_price_with_its_times_and_source_and_is_drawn_with_its_gaps():
    gone = step("ash/a", None, 6, 6, is_active=False)
    made = page(*HERE, step("ash/a", 5, 20, 12), step("ash/a", 4, 12, 6), gone, step("ash/a", 3, 2))
    assert [(line.on_demand, line.since.day, line.until and line.until.day) for line in made.body.prices] == [
        ("$3.00", 20, None), ("$4.00", 10, 16), ("$5.00", 2, 10),
    ]  # fmt: skip
    assert [line.evidence_url for line in made.body.prices][-1] == "https://read.example/20"
    assert made.body.chart.title == "Ash a, on demand, 2 Aug to 22 Aug 2026"
    assert made.body.chart.svg.count("M", made.body.chart.svg.index('class="line s1"')) >= 2


MOVED = [step("ash/a", 5, 20, 12), step("ash/a", 4, 12)]
SELLERS = {"elm": 2, "fir": 3, "oak": 5}


def lines_of(chart):
    return [line.partition(":")[0] for line in chart.summary.splitlines()]


def test_its_chart_has_the_markets_median_cut_to_its_own_days_and_says_what_that_is():
    chart = page(*HERE, *MOVED, *observed("a", **SELLERS)).body.chart
    assert chart.title == "Ash a, on demand, and the market’s median, 2 Aug to 22 Aug 2026"
    assert chart.summary.splitlines()[1:] == [
        "Market median of 3: $3.00 from 2 Aug to 21 Aug 2026, unchanged.",
        "Compared with the market’s median, on demand: of the lowest prices of 3 providers, "
        "the same ones on every day.",
    ]
    assert "Market median of 3" in chart.svg
    assert chart.finding.startswith("a: $4.00 on ")
    assert chart.finding.endswith(chart.summary.splitlines()[-1])


def test_a_licensed_median_stands_in_for_our_own_with_its_credit():
    chart = page(*HERE, *MOVED, *readings("a", **SELLERS)).body.chart
    assert chart.summary.splitlines()[1].startswith("Readers: median of 3 (reference): $3.00")
    assert chart.summary.endswith("the same ones on every day, as Readers read them.")
    assert chart.credit == "Readers (CC BY 4.0)"
    ours = page(*HERE, *MOVED, *readings("a", **SELLERS), *observed("a", **SELLERS)).body.chart
    assert (lines_of(ours)[1], ours.credit) == ("Market median of 3", "")


def test_only_the_median_of_the_same_pricing_type_and_the_same_days_is_beside_it():
    spot = page(*HERE, *MOVED, *observed("a", pricing_type="spot", **SELLERS)).body.chart
    assert lines_of(spot) == ["a"]
    before = [row._replace(day=row.day - timedelta(60)) for row in observed("a", **SELLERS)]
    assert lines_of(page(*HERE, *MOVED, *before).body.chart) == ["a"]
    of_spot = [step("ash/a", None, 20, 12, spot=Decimal(2)), step("ash/a", None, 12, spot=Decimal(1))]
    made = page(*HERE, *of_spot, *observed("a", pricing_type="spot", **SELLERS)).body.chart
    assert lines_of(made)[1] == "Market median of 3"
    assert "median, spot: of the lowest" in made.summary


def test_a_status_ends_no_price_and_what_is_known_of_one_day_alone_has_no_history():
    sold_out = [step("ash/a", 4, 12, 6, availability="sold_out"), step("ash/a", 4, 6, availability="available")]
    assert len(page(*HERE, *sold_out).body.prices) == 1
    alone = page(*HERE, step("ash/a", 4, 12, 12)).body
    assert (alone.prices.lines, alone.chart) == ((), None)
    assert alone.history is not None


def test_terms_that_touch_the_price_come_with_their_source():
    terms = [
        term("ash", "egress", "0.1", "per GB"),
        term("ash", "ingress", 0, "per GB"),
        term("ash", "billing_step", 60),
    ]
    shown = page(*HERE, *terms).body.terms
    assert [(line.label, line.value) for line in shown] == [
        ("Billing step", "Per minute"),
        ("Traffic out", "$0.10 per GB"),
    ]
    assert all(line.source_url for line in shown)


def test_it_leads_to_its_history_where_there_is_one():
    assert page(*HERE, step("ash/a", 4, 9)).body.history.path == "/api/v1/history/ash/a.json"
    assert page(*HERE).body.history is None


@settings(max_examples=25)
@given(NAMES, NAMES)
def test_title_and_description_fit_whatever_the_names(seller, card):
    made = page(provider("ash", display_name=seller), gpu("a", short_name=card), *HERE)
    assert 0 < len(made.title) <= 60
    assert 0 < len(made.description) <= 155


def test_its_chart_ends_on_the_day_on_which_the_price_was_last_read():
    chart = page(*HERE, *ELSEWHERE, *MOVED).body.chart
    assert chart.finding == "a: $4.00 on 22 Aug 2026, down 20.0% from $5.00 on 2 Aug."


def test_its_chart_says_of_a_price_that_it_was_carried_forward():
    read = AS_OF - timedelta(16)
    rows = [step("ash/a", 5, 20, 12, last_confirmed_at=read), step("ash/a", 4, 12)]
    chart = page(*HERE, *ELSEWHERE, *rows).body.chart
    assert "; carried forward without another reading from 6 Aug to 10 Aug 2026." in chart.summary


def test_its_stock_is_drawn_day_by_day_where_it_changed():
    rows = [step("ash/a", 4, 9, 5, availability="available"), step("ash/a", 4, 5, availability="sold_out")]
    stock = page(*HERE, *ELSEWHERE, *rows).body.stock
    assert stock.title == "Ash a: stock, 13 Aug to 22 Aug 2026"
    assert stock.summary.startswith("In stock on 5 of 10 known days, sold out on 5; sold out on the last, 22 Aug 2026")
    assert page(*HERE, *ELSEWHERE, rows[1]).body.stock is None
