from datetime import date, timedelta

import pytest
from lxml import etree

from generator.catalogue.list_rows import WatchedSinceRow
from generator.catalogue.slices import SliceReader
from generator.model.page_size import BYTES_AT_MOST
from generator.pages import price_changes
from generator.site.page_feed import page_feed
from generator.site.page_formats import FORMATS
from generator.site.render import Renderer
from tests.generator.catalogues import AS_OF, HOSTILE, LD, SITE, catalogue, offer, price_event

OFFERED = [offer("a", "ash", 2), offer("b", "ash", 3)]
WATCHED = WatchedSinceRow(date(2026, 8, 1))
ATOM = {"a": "http://www.w3.org/2005/Atom"}
MANY = [price_event("a", "ash", 4, 3 + n / 1000, changed_at=AS_OF - timedelta(n)) for n in range(150)]


def page(*rows):
    return price_changes.PAGE_TYPE.page(SliceReader(catalogue(*OFFERED, *rows)), LD)


def feed(*rows):
    return etree.fromstring(page_feed(page(*rows)))


def test_changes_are_listed_by_month_newest_first():
    rows = [price_event("a", "ash", 4, 3), price_event("b", "ash", 2, 3, changed_at=AS_OF - timedelta(30))]
    made = page(*rows, WATCHED)
    assert [(month.title, len(month.events)) for month in made.body.months] == [("August 2026", 1), ("July 2026", 1)]
    assert made.words["answer"] == (
        "2 price changes of 3% or more since 1 Aug 2026, read by ourselves. 1 is a cut and 1 a rise. The newest: "
        "[a](/gpu/a/) at [Ash](/provider/ash/), on demand, went from \\$4\\.00 to **\\$3\\.00 per GPU-hour** (−25.0%) "
        "on 22 Aug 2026."
    )


@pytest.mark.parametrize(("rows", "said"), [([], "none was read live"), ([WATCHED], "looked since 1 Aug 2026")])
def test_without_a_change_it_says_so_and_since_when_anybody_looks(rows, said):
    made = page(*rows)
    assert said in made.words["answer"]
    assert (made.gate.state, made.body.months) == ("thin", ())


def test_five_changes_are_enough_for_search_engines():
    assert [page(*MANY[:n]).gate.state for n in (4, 5)] == ["thin", "indexable"]


def test_the_newest_hundred_are_shown_and_fit_with_the_longest_texts():
    assert sum(len(month.events) for month in page(*MANY).body.months) == 100
    long = {"instance_type": "&" * 100, "new_source_url": f"https://x.example/{'&' * 1900}"}
    made = page(*(row._replace(**long) for row in MANY))
    assert len(Renderer(SITE).render(made)) <= BYTES_AT_MOST
    assert len(Renderer(SITE).render(page(*MANY))) <= BYTES_AT_MOST


def test_a_change_at_a_provider_that_is_not_listed_is_left_out():
    assert page(price_event("a", "gone", 4, 3)).body.months == ()


def test_the_feed_has_what_atom_requires():
    made = feed(*MANY[:3])
    assert [made.findtext(f"a:{name}", namespaces=ATOM) for name in ("id", "title", "updated", "author/a:name")] == [
        "https://gpus.example/prices/changes/", "GPU cloud price changes, CloudGPUs", "2026-08-22T06:21:00Z", "Acme",
    ]  # fmt: skip
    (own,) = made.xpath("a:link[@rel='self']/@href", namespaces=ATOM)
    assert own == "https://gpus.example/prices/changes/feed.xml"
    for entry in made.findall("a:entry", ATOM):
        assert all(entry.findtext(f"a:{name}", namespaces=ATOM) for name in ("id", "title", "updated", "summary"))
        assert entry.xpath("a:link[@rel='alternate']/@href", namespaces=ATOM)


def test_an_entrys_id_is_unique_and_stays_the_same():
    def ids(*rows):
        return feed(*rows).xpath("a:entry/a:id/text()", namespaces=ATOM)

    assert len(set(ids(*MANY))) == 100
    assert ids(*MANY[:3]) == ids(*reversed(MANY[:3])) == ids(*MANY)[:3]


def test_a_feed_without_a_change_is_of_the_day_since_when_anybody_looks():
    assert feed(WATCHED).findtext("a:updated", namespaces=ATOM) == "2026-08-01T00:00:00Z"
    assert feed().findtext("a:updated", namespaces=ATOM)


def test_hostile_names_stay_text_in_the_feed():
    made = feed(*(price_event("a", "ash", 4, 3, instance_type=name + "\x00") for name in HOSTILE))
    assert len(made.findall("a:entry", ATOM)) == len(HOSTILE)


def test_the_page_leads_to_its_feed():
    html = etree.HTML(Renderer(SITE).render(page()))
    assert html.xpath("//link[@type='application/atom+xml']/@href") == ["/prices/changes/feed.xml"]
    assert FORMATS["feed"].file("/changes/") == "changes/feed.xml"
