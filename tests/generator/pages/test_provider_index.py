from lxml import html

from generator.catalogue.slices import SliceReader
from generator.pages import provider_index
from generator.site.render import Renderer
from tests.generator.catalogues import LD, SITE, catalogue, offer, provider, term


def test_providers_stand_with_their_kind_and_those_without_prices_apart():
    rows = [provider("elm", provider_type="marketplace"), provider("fir"), offer("a", "ash", 1), offer("a", "elm", 1)]
    made = provider_index.PAGE_TYPE.page(SliceReader(catalogue(*rows)), LD)
    assert [(group.title, [line.slug for line in group.lines]) for group in made.body.groups] == [
        ("GPU clouds", ["ash"]), ("Marketplaces", ["elm"]),
    ]  # fmt: skip
    assert [line.slug for line in made.body.unchecked] == ["fir"]
    assert made.words["answer"].startswith("2 providers with prices, 1 without.")
    assert [item["name"] for item in made.graph[0]["itemListElement"]] == ["Ash", "Elm"]


def test_the_list_has_columns_for_what_the_hourly_price_leaves_out():
    rows = [
        term("ash", "minimum_rental", 60, "seconds"),
        term("ash", "egress", 0, "per GB"),
        term("ash", "storage_running", "0.10", "per GB-month"),
        offer("a", "ash", 1),
        offer("a", "elm", 1),
    ]
    shown = html.fromstring(Renderer(SITE).render(provider_index.PAGE_TYPE.page(SliceReader(catalogue(*rows)), LD)))
    (table,) = shown.xpath("//table")
    names = [cell.text_content() for cell in table.xpath("./thead/tr/th")]
    first, second = ([cell.text_content().strip() for cell in row] for row in table.xpath("./tbody/tr"))
    places = [names.index(name) for name in ("Minimum", "Egress, $/GB", "Storage, $/GB-month")]
    assert [first[place] for place in places] == ["1 minute", "free", "$0.10"]
    assert [second[place] for place in places] == ["–", "–", "–"]
