from generator.catalogue import Reader
from generator.pages import provider_index
from tests.generator.catalogues import LD, catalogue, offer, provider


def test_providers_stand_with_their_kind_and_those_without_prices_apart():
    rows = [provider("elm", provider_type="marketplace"), provider("fir"), offer("a", "ash", 1), offer("a", "elm", 1)]
    made = provider_index.page(Reader(catalogue(*rows)), LD)
    assert [(group.title, [line.slug for line in group.lines]) for group in made.body.groups] == [
        ("GPU clouds", ["ash"]), ("Marketplaces", ["elm"]),
    ]  # fmt: skip
    assert [line.slug for line in made.body.unchecked] == ["fir"]
    assert made.words["answer"].startswith("2 providers with prices, 1 without.")
    assert [item["name"] for item in made.graph[0]["itemListElement"]] == ["Ash", "Elm"]
