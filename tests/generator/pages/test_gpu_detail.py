import json
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from generator.catalogue.slices import SliceReader
from generator.formats import day
from generator.model.jsonld import JsonLd
from generator.pages import gpu_detail
from generator.site.render import Renderer
from tests.generator.catalogues import (
    AS_OF,
    DAY,
    HOSTILE,
    LD,
    SITE,
    catalogue,
    differing,
    gpu,
    guide,
    held,
    offer,
    price_event,
    provider,
    readings,
    sold,
    trend,
    watched,
)

PRICED = [offer("a", "ash", 2, 1), offer("a", "elm", 3), offer("a", "fir", 9)]


def page(*rows, slug="a", ld=LD):
    return gpu_detail.PAGE_TYPE.page(SliceReader(catalogue(*rows)), ld, slug)


def product(made):
    return next((node for node in made.graph if node["@type"] == "Product"), None)


@pytest.mark.parametrize(
    ("rows", "state"),
    [
        ([offer("a", "ash", 2), offer("a", "elm", 3)], "indexable"),
        ([offer("a", "ash", 2), *readings("a", 30, ash=2)], "indexable"),
        ([offer("a", "ash", 2), *readings("a", 29, ash=2)], "thin"),
        ([offer("a", "ash", 2)], "thin"),
        ([offer("a", "ash", 2), offer("a", "elm", None, 3)], "thin"),
        ([offer("a", "ash", 2), offer("a", "elm", 3, freshness="aging")], "thin"),
        (readings("a", 40, ash=2, elm=3), "thin"),
    ],
)
def test_a_page_is_indexable_with_two_providers_or_one_and_a_month_of_history(rows, state):
    gate = page(*rows).gate
    assert gate.state == state
    assert gate.reasons == (() if state == "indexable" else ("few_providers",))


def test_there_is_a_page_for_each_variant_that_is_or_was_on_offer():
    known = catalogue(gpu("k80"), gpu("h100", kind="chip"), offer("h100", "ash", 1), *PRICED, *readings("v100", ash=1))
    assert [gpu_detail.path(*key) for key in gpu_detail.keys(known)] == ["/gpu/a/", "/gpu/v100/"]


def test_a_description_has_the_floor_its_provider_the_median_and_what_else_there_is():
    assert page(*PRICED, *readings("a", ash=1)).description == (
        "Rent a from $2.00/GPU-hour on demand (Ash); median $3.00 across 3 providers. Spot from $1.00. "
        "With price history."
    )


def test_a_description_claims_nothing_that_the_page_lacks():
    assert page(offer("a", "ash", 2)).description == "Rent a from $2.00/GPU-hour on demand (Ash)."
    assert page(offer("a", "ash", None, 2)).description == "a in the cloud: specs and 1 offer."
    assert page(*readings("a", ash=2)).description == "a in the cloud: specs and price history."


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=100).filter(str.strip), st.text(min_size=1, max_size=255).filter(str.strip))
def test_title_and_description_fit_whatever_the_names(name, seller):
    made = page(gpu("a", name=name, short_name=name), provider("ash", display_name=seller), *PRICED)
    assert 0 < len(made.title) <= 60
    assert 0 < len(made.description) <= 155


def test_the_figures_for_machines_are_those_on_the_page():
    made = page(gpu("a", memory_bandwidth_gbps=3350, form_factor="SXM5"), *PRICED)
    shown = html.fromstring(Renderer(SITE).render(made))
    offers = product(made)["offers"]
    cells = {cell.text_content() for cell in shown.iter("td", "dd")}
    assert (offers["lowPrice"], offers["highPrice"], offers["offerCount"]) == ("2.00", "9.00", 3)
    assert {f"${offers['lowPrice']}", f"${offers['highPrice']}", str(offers["offerCount"])} <= cells
    text = " ".join(shown.text_content().split())
    assert all(fact["value"] in text for fact in product(made)["additionalProperty"])


def test_only_ranked_on_demand_prices_make_a_product():
    assert product(page(offer("a", "ash", None, 1))) is None
    assert product(page(offer("a", "ash", 1, price_basis="gpu_only"))) is None
    mixed = product(page(*PRICED, offer("a", "oak", "0.5", freshness="aging")))
    assert (mixed["offers"]["lowPrice"], mixed["offers"]["offerCount"]) == ("2.00", 3)


def test_a_switch_leaves_products_out():
    plain = JsonLd(SITE.__class__(**{name: getattr(SITE, name) for name in SITE.__slots__} | {"product_markup": False}))
    assert product(page(*PRICED, ld=plain)) is None


def test_the_lowest_price_is_dated_by_the_offer_that_ranks():
    made = page(offer("a", "ash", 10, gpu_count=3), offer("a", "elm", 1, freshness="aging"))
    assert made.body.gpu.floor == Decimal(10) / 3
    assert made.body.confirmed_at.isoformat() == "2026-08-22T00:00:00+00:00"
    assert page(offer("a", "ash", None, 1)).body.confirmed_at is None


def test_offers_of_the_bare_chip_name_stand_apart_with_a_caveat():
    chip = [gpu("h100", kind="chip"), gpu("a", chip="h100"), gpu("b", chip="h100"), offer("b", "ash", 4)]
    made = page(*chip, *PRICED, offer("h100", "oak", 1))
    assert [line.provider.text for line in made.body.sections[-1].lines] == ["Oak"]
    assert "does not say which card" in made.words["caveats"]
    assert made.body.chip.path == "/gpu/h100/"
    assert made.body.gpu.floor == 2


def test_the_last_year_and_its_last_month_are_drawn_as_far_as_prices_are_known():
    made = page(*PRICED, *readings("a", 49, ash=2))
    assert [figure.title for figure in made.body.trends] == [
        "a: on-demand price, 5 Jul to 22 Aug 2026",
        "a: on-demand price, 23 Jul to 22 Aug 2026",
    ]
    assert "Readers (CC BY 4.0)" in made.body.trends[0].credit
    assert len(page(*PRICED, *readings("a", 20, ash=2)).body.trends) == 1
    assert page(*PRICED).body.trends == ()


def test_price_changes_are_marked_beside_our_own_prices_only():
    own = [trend("a", DAY - timedelta(n), 2, 3) for n in reversed(range(9))]
    seen = price_event("a", "ash", 2, 4, changed_at=AS_OF - timedelta(4))
    (figure,) = page(*PRICED, *own, seen).body.trends
    assert figure.svg.count('class="event"') == 1
    assert figure.summary.endswith(f"{day(seen.changed_at)}, Ash: $4.00, up 100.0% from $2.00.")
    (others,) = page(*PRICED, *readings("a", 9, ash=2), seen).body.trends
    assert "event" not in others.svg + others.summary


def test_specs_leave_out_what_is_unknown_and_needless_zeros():
    facts = {fact.label: fact.value for fact in gpu_detail.specs(gpu("a", fp16_tflops=Decimal("989.50")))}
    assert facts["FP16 dense"] == "989.5 TFLOPS"
    assert "FP8 dense" not in facts


def test_guides_that_name_the_gpu_are_linked():
    assert [link.path for link in page(*PRICED, guide("sxm", gpus=("a",))).body.guides] == ["/guides/sxm/"]


def rendered(made):
    return html.fromstring(Renderer(SITE).render(made))


def test_what_is_held_back_of_a_gpu_is_said_before_one_compares_and_only_then():
    shown = rendered(page(*PRICED, held("elm", "a", "price_band", 2), held("elm", "b", "price_jump")))
    (aside,) = shown.find_class("caveats")
    assert "2 offers are held back: outside the market's range (Elm)." in aside.text_content()
    assert rendered(page(*PRICED, held("elm", "b", "price_band"))).find_class("caveats") == []


def test_disagreements_about_a_gpu_are_shown_with_a_link_to_them():
    shown = rendered(page(*PRICED, differing("a", "elm", 4, 5), differing("b", "ash")))
    (row,) = shown.xpath("//section[@id='disagreements']//tbody/tr")
    assert row.xpath("th/a/@href") == ["/prices/provider/elm/"]
    assert "readers had $5.00 on 22 Aug 2026" in " ".join(row.text_content().split())
    assert len(shown.xpath("//a[@href='#disagreements']")) == 1
    assert rendered(page(*PRICED, differing("b", "ash"))).xpath("//*[@id='disagreements']") == []


def test_a_provider_that_sells_a_gpu_at_an_unknown_price_is_named_with_the_link():
    shown = rendered(page(*PRICED, provider("oak", display_name="Oak"), sold("oak", "a"), sold("oak", "b"), gpu("b")))
    (line,) = [one for one in shown.xpath("//p") if "no price is recorded" in one.text_content()]
    assert line.text_content() == "Oak sells this GPU (big.8x), but no price is recorded."
    assert line.xpath("a/@href")[1] == "https://oak.example/big.8x"
    assert (
        "no price is recorded"
        not in rendered(page(*PRICED, sold("oak", "b"), provider("oak"), gpu("b"))).text_content()
    )


def test_availability_is_a_table_by_provider_with_a_way_to_it():
    shown = rendered(page(*PRICED, watched("a", "elm", "0.255", 100), watched("a", "ash", 1)))
    rows = shown.xpath("//section[@id='availability']//tbody/tr")
    assert [" ".join(row.text_content().split()) for row in rows] == ["Ash100% 720 h", "Elm26% 100 h"]
    assert len(shown.xpath("//a[@href='#availability']")) == 1
    assert rendered(page(*PRICED, watched("a", "elm", 1, 23))).xpath("//*[@id='availability']") == []


@pytest.mark.parametrize("text", HOSTILE)
def test_text_from_outside_shows_as_itself_and_stays_in_its_script_element(text):
    made = page(gpu("a", name=text, short_name=text, notes=text), provider("ash", display_name=text), *PRICED)
    shown = html.fromstring(Renderer(SITE).render(made))
    assert not shown.xpath("//img | //*[@onerror]")
    assert not [link for link in shown.xpath("//a/@href") if "javascript" in link]
    assert " ".join(text.split()) in " ".join(shown.xpath("//h1")[0].text_content().split())
    (data,) = shown.xpath("//script[@type='application/ld+json']/text()")
    assert text in {node.get("name") for node in json.loads(data)["@graph"]}


def test_of_a_thousand_node_sizes_those_with_the_most_providers_are_shown():
    odd = [offer("a", "ash", 2 * n, gpu_count=n, instance_type=f"x{n}") for n in range(1, 1025)]
    usual = [offer("a", "elm", 2 * n, gpu_count=n, instance_type=f"x{n}") for n in (1, 8, 64)]
    sizes = page(*odd, *usual).body.node_sizes
    assert sizes.counted == "12 of 1,024 sizes (those with the most providers)"
    assert [size.count for size in sizes] == [*range(1, 12), 64]


def test_which_models_fit_is_shown_where_the_memory_is_known():
    assert page(gpu("a", vram_gb=80), *PRICED).body.fits.models[0].needs[0].gpus_n == 1
    assert page(gpu("a", vram_gb=None), *PRICED).body.fits is None
