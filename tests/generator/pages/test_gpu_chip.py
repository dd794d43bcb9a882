from generator.catalogue.slices import SliceReader
from generator.pages import gpu_chip
from tests.generator.catalogues import LD, catalogue, gpu, offer, readings

CHIP = [gpu("h100", kind="chip", short_name="H100"), gpu("h100-sxm", chip="h100"), gpu("h100-pcie", chip="h100")]
OFFERS = [offer(slug, name, 2) for slug in ("h100-sxm", "h100-pcie") for name in ("ash", "elm")]


def page(*rows):
    return gpu_chip.PAGE_TYPE.page(SliceReader(catalogue(*CHIP, *rows)), LD, "h100")


def test_a_chips_page_lists_the_variants_and_the_offers_that_name_none():
    made = page(*OFFERS, offer("h100", "oak", 1))
    assert [line.slug for line in made.body.variants] == ["h100-pcie", "h100-sxm"]
    assert [line.provider.text for line in made.body.sections[0].lines] == ["Oak"]
    assert [item["name"] for item in made.graph[0]["itemListElement"]] == ["NVIDIA h100-pcie", "NVIDIA h100-sxm"]


def test_a_chips_page_is_indexable_if_two_variants_have_two_providers():
    assert page(*OFFERS).gate.state == "indexable"
    assert page(*OFFERS[:3]).gate.state == "thin"


def test_a_chip_with_one_variant_has_no_page():
    assert list(gpu_chip.keys(catalogue(*CHIP, *OFFERS[:2]))) == []
    assert list(gpu_chip.keys(catalogue(*CHIP, *OFFERS))) == [("h100",)]


def test_a_chips_page_without_unstated_offers_has_no_table_and_claims_none():
    made = page(*OFFERS)
    assert made.body.sections == ()
    assert "does not say" not in made.words["answer"]
    assert "does not say" in page(*OFFERS, offer("h100", "oak", 1)).words["answer"]


def test_a_chips_page_opens_with_what_its_variants_cost_and_where_the_cheapest_first():
    made = page(*OFFERS, offer("h100-pcie", "oak", "1.5"))
    assert made.words["answer"] == (
        "On demand, the H100 rents per GPU-hour from **$1.50** as [h100\\-pcie](/gpu/h100-pcie/) at "
        "[Oak](/provider/oak/) and from **$2.00** as [h100\\-sxm](/gpu/h100-sxm/) at [Ash](/provider/ash/)."
    )
    assert made.description.startswith("Rent H100 on demand: h100-pcie from $1.50, h100-sxm from $2.00 per GPU-hour.")
    assert made.title == "H100 Cloud Pricing: h100-pcie and h100-sxm"


def test_a_chips_page_draws_readings_of_the_bare_name():
    assert "form factor not stated" in page(*OFFERS, *readings("h100", ash=1)).body.trend_1y.title


def test_a_chips_page_has_no_product():
    assert {node["@type"] for node in page(*OFFERS).graph} == {"ItemList"}
