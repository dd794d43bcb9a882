from datetime import timedelta

import pytest
from lxml import html

from generator.catalogue.slices import SliceReader
from generator.pages import gpu_chip, gpu_detail, price_change_feed, price_changes, provider_detail
from generator.site.page_formats import FORMATS
from generator.site.render import Renderer
from tests.generator.catalogues import AS_OF, LD, SITE, catalogue, gpu, offer, price_event

PAGE_TYPE = price_change_feed.PAGE_TYPE
CHIP = (gpu("x", kind="chip"), gpu("x-1", chip="x"), gpu("x-2", chip="x"))
OFFERED = [*CHIP, offer("x-1", "ash", 2), offer("x-2", "ash", 3), offer("x-2", "elm", 3), offer("x", "elm", 2)]
EVENTS = [price_event("x-1", "ash", 4, 3), price_event("x-2", "ash", 2, 3), price_event("x-2", "elm", 5, 4),
          price_event("x", "elm", 5, 4), price_event("x-1", "gone", 4, 3)]  # fmt: skip
OF_PAGES = [(gpu_detail, "gpu", "x-1"), (gpu_chip, "gpu", "x"), (provider_detail, "provider", "elm")]


def entries(module, *key, rows=EVENTS):
    return module.PAGE_TYPE.page(SliceReader(catalogue(*OFFERED, *rows)), LD, *key).body.feed.entries


def test_each_gpu_chip_and_provider_with_a_page_has_one():
    found = list(PAGE_TYPE.keys(catalogue(*OFFERED)))
    assert found == [("gpu", "x-1"), ("gpu", "x-2"), ("gpu", "x"), ("provider", "ash"), ("provider", "elm")]


def test_a_feed_has_the_entries_of_the_whole_one_that_are_about_its_subject():
    whole = entries(price_changes)
    assert len(whole) == 4
    for key, number in {("gpu", "x-1"): 1, ("gpu", "x-2"): 2, ("gpu", "x"): 1, ("provider", "elm"): 2}.items():
        own = entries(price_change_feed, *key)
        assert len(own) == number
        assert set(own) <= set(whole)


def test_of_many_changes_the_newest_hundred_are_in_a_feed():
    rows = [price_event("x-1", "ash", 4, 3, changed_at=AS_OF - timedelta(days)) for days in range(150)]
    found = [entry.updated for entry in entries(price_change_feed, "gpu", "x-1", rows=rows)]
    assert found == [AS_OF - timedelta(days) for days in range(100)]


@pytest.mark.parametrize(("module", "kind", "slug"), OF_PAGES)
def test_the_page_of_its_subject_leads_to_both_files(module, kind, slug):
    made = module.PAGE_TYPE.page(SliceReader(catalogue(*OFFERED)), LD, slug)
    head = html.fromstring(Renderer(SITE).render(made))
    for name, media in (("feed", "application/atom+xml"), ("json_feed", "application/feed+json")):
        (href,) = head.xpath(f"//link[@rel='alternate' and @type='{media}']/@href")
        assert href == f"/prices/{FORMATS[name].file(PAGE_TYPE.path(kind, slug))}"


def test_search_engines_are_told_of_none():
    assert PAGE_TYPE.page(SliceReader(catalogue(*OFFERED)), LD, "gpu", "x").gate.state == "thin"
