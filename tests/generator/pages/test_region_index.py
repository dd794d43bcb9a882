from generator.catalogue.slices import SliceReader
from generator.pages import region_index
from tests.generator.catalogues import LD, catalogue, offer, placed


def page(*rows):
    return region_index.PAGE_TYPE.page(SliceReader(catalogue(offer("a", "ash", 2), offer("a", "elm", 2), *rows)), LD)


def test_the_index_has_each_continent_with_its_countries():
    made = page(
        placed("a", "ash"), placed("a", "ash", country="FR"), placed("a", "elm", country="JP", continent="Asia")
    )
    shown = {one.link.text: [link.text for link in one.countries] for one in made.body.continents}
    assert shown == {"Asia": ["Japan"], "Europe": ["France", "Germany"]}


def test_the_index_says_how_many_providers_state_a_place():
    assert page(placed("a", "ash")).words["answer"].startswith("1 of the 2 providers with prices here state where")


def test_an_index_of_no_region_is_not_indexable():
    assert page().gate.reasons == ("no_regions",)
