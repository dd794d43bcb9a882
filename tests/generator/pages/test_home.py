from dataclasses import replace

from generator.catalogue.slices import SliceReader
from generator.model.jsonld import JsonLd
from generator.pages import home
from tests.generator.catalogues import LD, SITE, catalogue, guide, move, offer, provider

ROWS = [offer("a", "ash", 2), offer("a", "elm", 3), offer("b", "ash", None, 1), provider("fir")]


def page(*rows, ld=LD):
    return home.PAGE_TYPE.page(SliceReader(catalogue(*rows)), ld)


def test_the_front_page_counts_what_is_shown():
    made = page(*ROWS)
    assert made.words["answer"].startswith("3 offers of 2 GPUs from 2 providers, per GPU-hour before tax.")
    assert made.description == "2 providers, 2 GPUs. a from $2.00/h on demand. Every price with its source and date."
    assert [line.slug for line in made.body.providers] == ["ash", "elm"]


def test_answers_are_the_gpus_of_most_providers_with_a_price_on_demand():
    assert [line.slug for line in page(*ROWS).body.answers] == ["a"]


def test_at_most_eight_moves_are_shown():
    many = [offer(f"g{number}", "ash", 2) for number in range(12)]
    assert len(page(*many, *(move(one.gpu_slug, "ash", 1, 2) for one in many)).body.moves) == 8


def test_an_empty_catalogue_has_a_front_page():
    made = page()
    assert made.description == "0 providers, 0 GPUs. Every price with its source and date."
    assert (made.body.answers, made.newest, made.gate.state) == ((), None, "indexable")


def test_machines_learn_of_the_site_its_maker_and_its_gpus():
    assert [node["@type"] for node in page(*ROWS, guide("x")).graph] == ["Organization", "WebSite", "ItemList"]


def test_a_long_site_name_is_left_out_of_the_title():
    assert page(*ROWS, ld=JsonLd(replace(SITE, name="x" * 40))).title == "Cloud GPU Prices Compared"


def test_of_many_gpus_and_providers_the_front_page_says_which_it_shows():
    rows = [offer(f"g{n:03}", f"p{n:03}", 2) for n in range(100)]
    made = page(*rows, *(offer("g099", f"p{n:03}", 2) for n in range(3)))
    assert made.body.gpus.counted == "80 of 100 GPUs (those with the most providers)"
    assert made.body.providers.counted == "80 of 100 providers (those with the most GPUs)"
    assert (next(iter(made.body.gpus)).slug, made.body.gpus_n) == ("g099", 100)
    assert (made.graph[2]["numberOfItems"], len(made.graph[2]["itemListElement"])) == (100, 80)
