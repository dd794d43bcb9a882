from generator.catalogue.slices import SliceReader
from generator.pages import not_found
from tests.generator.catalogues import LD, catalogue, offer


def test_a_wrong_address_leads_on_and_is_never_indexed():
    made = not_found.PAGE_TYPE.page(SliceReader(catalogue(offer("a", "ash", 1))), LD)
    assert (made.path, made.gate.state) == ("/404.html", "thin")
    assert ([link.path for link in made.body.gpus], made.body.providers[0].path) == (["/gpu/a/"], "/provider/ash/")
