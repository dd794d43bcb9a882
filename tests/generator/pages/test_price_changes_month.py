from datetime import timedelta

from lxml import etree

from generator.catalogue.slices import SliceReader
from generator.model.page_size import BYTES_AT_MOST
from generator.pages import price_changes_month
from generator.pages.home import PAGE_TYPE as HOME
from generator.site.render import Renderer
from tests.generator.catalogues import AS_OF, LD, SITE, catalogue, offer, price_event

KIND = price_changes_month.PAGE_TYPE
JULY = price_event("a", "ash", 2, 3, changed_at=AS_OF - timedelta(30))
AUGUST = [price_event("a", "ash", 4, 3 + n / 10, changed_at=AS_OF - timedelta(n)) for n in range(5)]
KNOWN = catalogue(offer("a", "ash", 2), JULY, *AUGUST)


def page(month):
    return KIND.page(SliceReader(KNOWN), LD, month)


def test_each_month_with_a_change_has_a_page():
    assert list(KIND.keys(KNOWN)) == [("2026-08",), ("2026-07",)]
    assert list(KIND.keys(catalogue())) == []


def test_a_months_page_is_for_search_engines_from_five_changes_on():
    assert [page(month).gate.state for month in ("2026-08", "2026-07")] == ["indexable", "thin"]


def test_a_month_shows_as_many_changes_as_fit_and_says_how_many_there_are():
    many = [price_event("a", "ash", 4, 3 + n / 1000, changed_at=AS_OF - timedelta(minutes=n)) for n in range(300)]
    made = KIND.page(SliceReader(catalogue(offer("a", "ash", 2), *many)), LD, "2026-08")
    assert 100 < len(made.body.events) < 300
    assert made.body.counted == f"{len(made.body.events)} of 300 changes (the newest)"
    assert len(Renderer(SITE).render(made)) <= BYTES_AT_MOST


def test_it_says_what_fell_and_rose_and_links_the_other_months():
    made = page("2026-08")
    assert made.title == "GPU Cloud Price Changes: August 2026"
    assert made.words["answer"].startswith("In August 2026, 5 prices fell and 0 prices rose by 3% or more.")
    assert [link.path for link in made.body.others] == ["/changes/2026-07/"]


def test_each_price_leads_to_where_it_was_read_and_the_feed_to_its_row():
    row = price_event("a", "ash", 4, 3, old_source_url="https://old.example", new_source_url="javascript:x")
    made = KIND.page(SliceReader(catalogue(offer("a", "ash", 2), row)), LD, "2026-08")
    html = etree.HTML(Renderer(SITE).render(made))
    assert html.xpath("//section[@id='changes']//td[@class]/a/@href") == ["https://old.example"]
    assert html.xpath("//tr/@id") == [f"c-{made.body.events[0].id}"]


def test_the_front_page_knows_the_newest_months():
    made = HOME.page(SliceReader(KNOWN), LD)
    assert [one.link.path for one in made.body.months] == ["/changes/2026-08/", "/changes/2026-07/"]
