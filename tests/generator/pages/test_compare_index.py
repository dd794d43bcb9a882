from itertools import product

from generator.catalogue.slices import SliceReader
from generator.pages import compare_index
from tests.generator.catalogues import LD, catalogue, comparable, offer


def page(*rows):
    return compare_index.PAGE_TYPE.page(SliceReader(catalogue(*rows)), LD)


def test_each_gpu_has_its_comparisons_under_its_own_name():
    offers = [offer(slug, name, 1) for slug, name in product("abc", ("ash", "elm"))]
    made = page(*offers, offer("c", "fir", 1))
    assert [(group.title, [link.text for link in group.links]) for group in made.body.gpus] == [
        ("c", ["c vs a", "c vs b"]), ("a", ["a vs b", "a vs c"]), ("b", ["b vs a", "b vs c"]),
    ]  # fmt: skip
    assert len(made.graph[0]["itemListElement"]) == 3


def test_the_best_known_providers_come_first_in_their_order_and_only_with_a_page():
    known = comparable("runpod", "aws", "elm", "azure")
    sold = [offer(slug, name, 1) for slug, name in product("abc", ("runpod", "aws", "elm"))]
    made = page(*known, *sold, offer("a", "azure", 1))
    assert [(link.text, link.path) for link in made.body.leading_providers] == [
        ("Aws vs Runpod", "/compare/aws-vs-runpod/"),
    ]  # fmt: skip
    assert [link.text for link in made.body.providers] == ["Aws", "Elm", "Runpod"]


def test_an_index_without_pairs_stands():
    assert page(offer("a", "ash", 1)).body.gpus == ()


def test_more_comparisons_than_fit_are_counted_and_lead_to_the_gpus_pages():
    offers = [offer(f"g{n:03}", name, 1) for n in range(120) for name in ("ash", "elm")]
    made = page(*offers)
    (first, *_) = made.body.gpus
    assert (len(first.links), first.more.text, first.more.path) == (3, "5 more", "/gpu/g000/")
    assert sum(len(group.links) for group in made.body.gpus) <= 400
