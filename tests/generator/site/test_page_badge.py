import pytest
from lxml import etree

from generator.catalogue.slices import SliceReader
from generator.pages import gpu_detail
from generator.site.page_badge import page_badge
from generator.site.page_formats import FORMATS
from tests.generator.catalogues import HOSTILE, LD, catalogue, gpu, offer


def words(*rows):
    made = gpu_detail.PAGE_TYPE.page(SliceReader(catalogue(*rows)), LD, "a")
    return etree.fromstring(page_badge(made)).findtext("{*}text")


def test_a_badge_has_the_lowest_ranked_price_and_its_day():
    assert words(gpu("a", short_name="A"), offer("a", "ash", 2), offer("a", "elm", 3)) == (
        "A on demand from $2.00 per GPU-hour, 22 Aug 2026"
    )


@pytest.mark.parametrize("rows", [[offer("a", "ash", None, 3)], [offer("a", "ash", 2, freshness="aging")]])
def test_a_badge_without_a_ranked_price_shows_none(rows):
    assert words(gpu("a", short_name="A"), *rows) == "A: no ranked price"


def test_a_hostile_name_stays_text():
    assert HOSTILE[0] in words(gpu("a", short_name=HOSTILE[0]), offer("a", "ash", 2))


def test_a_badge_is_named_for_its_gpu():
    assert FORMATS["badge"].file("/gpu/h100-sxm/") == "badge/h100-sxm.svg"
