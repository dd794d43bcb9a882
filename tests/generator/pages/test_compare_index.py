from itertools import product

from generator.catalogue.slices import SliceReader
from generator.pages import compare_index
from tests.generator.catalogues import LD, catalogue, offer


def test_each_comparison_is_listed_once_under_its_better_known_side():
    offers = [offer(slug, name, 1) for slug, name in product("abc", ("ash", "elm"))]
    made = compare_index.PAGE_TYPE.page(SliceReader(catalogue(*offers, offer("c", "fir", 1))), LD)
    assert [(group.title, [link.text for link in group.links]) for group in made.body.gpu_pairs] == [
        ("c", ["c vs a", "c vs b"]), ("a", ["a vs b"]),
    ]  # fmt: skip
    assert [(group.title, [link.text for link in group.links]) for group in made.body.provider_pairs] == [
        ("Ash", ["Ash vs Elm"]),
    ]  # fmt: skip
    assert len(made.graph[0]["itemListElement"]) == 4


def test_an_index_without_pairs_stands():
    assert compare_index.PAGE_TYPE.page(SliceReader(catalogue(offer("a", "ash", 1))), LD).body.gpu_pairs == ()


def test_more_comparisons_than_fit_are_counted_and_lead_to_the_pages_that_have_them():
    offers = [offer(slug, f"p{n:02}", 1) for slug in "abc" for n in range(40)]
    made = compare_index.PAGE_TYPE.page(SliceReader(catalogue(*offers)), LD)
    (first, *_) = made.body.provider_pairs
    assert (len(first.links), first.more.text, first.more.path) == (9, "30 more", "/provider/p00/")
    assert sum(len(group.links) for group in made.body.provider_pairs) <= 400
    assert (made.graph[0]["numberOfItems"], len(made.graph[0]["itemListElement"])) == (783, 100)
