from lxml import html

from generator.catalogue.catalogue import versions_of
from generator.catalogue.slices import SliceReader
from generator.pages import methodology, methodology_version
from generator.prose.methodology_versions import MethodologyVersion
from generator.site.render import Renderer
from tests.generator.catalogues import DAY, LD, SITE, catalogue


def versions(*texts):
    return versions_of(MethodologyVersion(number, DAY, text) for number, text in enumerate(texts, 1))


def test_each_version_has_a_page_with_its_own_text_that_search_engines_do_not_list():
    known = catalogue(methodology_versions=versions("The old way.", "The new way."))
    assert list(methodology_version.PAGE_TYPE.keys(known)) == [("1",), ("2",)]
    page = methodology_version.PAGE_TYPE.page(SliceReader(known), LD, "1")
    assert (page.path, page.words["text"], page.gate.reasons) == (
        "/methodology/v1/",
        "The old way.",
        ("for_citations",),
    )
    shown = html.fromstring(Renderer(SITE).render(page))
    assert "A newer one is in force" in shown.text_content()
    assert "/prices/methodology/v2/" in shown.xpath("//section[@id='versions']//a/@href")


def test_the_methodology_lists_its_versions():
    known = catalogue(methodology_versions=versions("The old way.", "The new way."))
    shown = html.fromstring(Renderer(SITE).render(methodology.PAGE_TYPE.page(SliceReader(known), LD)))
    links = shown.xpath("//section[@id='versions']//a/@href")
    assert links == ["/prices/methodology/v2/", "/prices/methodology/v1/"]
