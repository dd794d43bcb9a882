from generator.catalogue.slices import SliceReader
from generator.pages import region
from tests.generator.catalogues import LD, catalogue, offer, placed

SELLERS = ("ash", "elm", "fir", "oak")
WORLD = [offer(slug, name, 2) for slug in "abcd" for name in SELLERS]
THERE = [placed(slug, name, "2.5") for slug in "abcd" for name in SELLERS[:3]]


def page(*rows, slug="germany"):
    return region.PAGE_TYPE.page(SliceReader(catalogue(*WORLD, *rows)), LD, slug)


def test_the_answer_compares_a_region_of_four_gpus_with_the_world():
    assert page(*THERE).words["answer"] == (
        "The lowest ranked on-demand price is **$2.50 per GPU-hour**, for the [a](/gpu/a/) "
        "at [Ash](/provider/ash/), eu\\-1.\n\n"
        "3 providers with GPUs at a stated place in Germany: 12 offers of 4 GPUs. Compared with the world’s median "
        "for the same GPU, the lowest on-demand price there is 25% higher (the median of 4 GPUs)."
    )


def test_three_gpus_are_compared_in_the_table_only():
    made = page(*THERE[:9])
    assert "world" not in made.words["answer"]
    assert made.body.has_world


def test_a_region_is_indexable_with_three_providers_and_five_offers():
    assert page(*THERE[:6]).gate.state == "indexable"
    assert page(*THERE[:2]).gate.reasons == ("few_providers", "few_offers")
    assert page(*THERE[:3]).gate.reasons == ("few_offers",)


def test_a_continent_that_is_one_country_is_not_indexable_beside_it():
    assert page(*THERE, slug="europe").gate.reasons == ("near_copy",)
    assert page(*THERE, *[row._replace(country="FR") for row in THERE], slug="europe").gate.state == "indexable"


def test_a_region_without_a_ranked_price_says_so():
    made = page(*[placed("a", name) for name in SELLERS])
    assert "None of them has a fresh and complete on-demand price at the moment." in made.words["answer"]
    assert made.words["gaps"].startswith("0 of the 4 providers with prices here state no place")


def test_a_region_links_to_its_continent_and_the_countries_beside_it():
    made = page(*THERE, placed("a", "ash", country="FR"))
    assert [link.path for link in made.body.regions] == ["/region/europe/", "/region/france/"]
    assert [crumb.name for crumb in made.crumbs] == ["Home", "Regions", "Europe", "Germany"]


def test_a_region_lists_its_providers_for_machines_in_the_pages_order():
    assert [item["name"] for item in page(*THERE).graph[0]["itemListElement"]] == ["Ash", "Elm", "Fir"]
