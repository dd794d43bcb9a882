import json
from datetime import date, timedelta

import pytest
from lxml import etree

from generator.catalogue.list_rows import WatchedSinceRow
from generator.catalogue.slices import SliceReader
from generator.pages import guide_index, price_change_feed, price_changes
from generator.site.page_feed import page_feed, page_json_feed
from generator.site.page_formats import FORMATS
from generator.site.render import Renderer
from tests.generator.catalogues import AS_OF, HOSTILE, LD, SITE, catalogue, guide, offer, price_event

WATCHED = WatchedSinceRow(date(2026, 8, 1))
ATOM = {"a": "http://www.w3.org/2005/Atom"}
MANY = [price_event("a", "ash", 4, 3 + n / 1000, changed_at=AS_OF - timedelta(n)) for n in range(150)]


def page(*rows):
    return price_changes.PAGE_TYPE.page(SliceReader(catalogue(offer("a", "ash", 2), *rows)), LD)


def page_of(key, *rows):
    """The files of a GPU's or provider's changes; with the empty key, those of all changes."""
    read = SliceReader(catalogue(offer("a", "ash", 2), offer("b", "elm", 2), *rows))
    return (price_change_feed if key else price_changes).PAGE_TYPE.page(read, LD, *key)


def feed(*rows, key=()):
    return etree.fromstring(page_feed(page_of(key, *rows)))


SUBJECTS = [
    ((), "changes/", "changes/", "GPU cloud"),
    (("gpu", "a"), "gpu/a/", "changes/gpu/a/", "a"),
    (("provider", "ash"), "provider/ash/", "changes/provider/ash/", "Ash"),
]


@pytest.mark.parametrize(("key", "of", "folder", "name"), SUBJECTS)
@pytest.mark.parametrize("number", [0, 3])
def test_a_feed_has_what_atom_requires_with_and_without_entries(key, of, folder, name, number):
    made, site = feed(*MANY[:number], WATCHED, key=key), "https://gpus.example/prices/"
    assert [made.findtext(f"a:{tag}", namespaces=ATOM) for tag in ("id", "title", "updated", "author/a:name")] == [
        site + of, f"{name} price changes, CloudGPUs", "2026-08-22T06:21:00Z" if number else "2026-08-01T00:00:00Z",
        "Acme",
    ]  # fmt: skip
    links = {rel: made.xpath(f"a:link[@rel='{rel}']/@href", namespaces=ATOM) for rel in ("self", "alternate")}
    assert links == {"self": [f"{site}{folder}feed.xml"], "alternate": [site + of]}
    assert len(made.findall("a:entry", ATOM)) == number
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


def test_a_retraction_is_an_update_of_the_feed():
    rows = MANY[5]._replace(retracted_on=date(2026, 8, 30)), *MANY[:3]
    assert feed(*rows).findtext("a:updated", namespaces=ATOM) == "2026-08-30T00:00:00Z"


@pytest.mark.parametrize(("key", "of", "folder", "_"), SUBJECTS)
@pytest.mark.parametrize("number", [0, 3])
def test_the_same_feed_is_json(key, of, folder, _, number):
    made, site = json.loads(page_json_feed(page_of(key, *MANY[:number]))), "https://gpus.example/prices/"
    assert (made["version"], made["feed_url"], made["home_page_url"]) == (
        "https://jsonfeed.org/version/1.1", f"{site}{folder}feed.json", site + of,
    )  # fmt: skip
    atom = feed(*MANY[:number], key=key).xpath("a:entry/a:id/text()", namespaces=ATOM)
    assert [item["id"] for item in made["items"]] == atom
    assert all(item.keys() == {"id", "url", "title", "content_text", "date_modified"} for item in made["items"])


def test_guides_have_a_feed_the_one_reviewed_last_first():
    days = {"old": date(2026, 1, 1), "new": date(2026, 2, 1)}
    rows = [guide(slug, reviewed_on=on, published_on=on) for slug, on in days.items()]
    made = guide_index.PAGE_TYPE.page(SliceReader(catalogue(*rows)), LD)
    items = json.loads(page_json_feed(made))["items"]
    assert [item["url"] for item in items] == [f"https://gpus.example/prices/guides/{slug}/" for slug in ("new", "old")]
    assert items[0]["date_modified"] == "2026-02-01T00:00:00Z"


def test_hostile_names_stay_text_in_the_feed():
    made = feed(*(price_event("a", "ash", 4, 3, instance_type=name + "\x00") for name in HOSTILE))
    assert len(made.findall("a:entry", ATOM)) == len(HOSTILE)


def test_the_page_leads_to_its_feed():
    html = etree.HTML(Renderer(SITE).render(page()))
    assert html.xpath("//link[@type='application/atom+xml']/@href") == ["/prices/changes/feed.xml"]
    assert html.xpath("//link[@type='application/feed+json']/@href") == ["/prices/changes/feed.json"]
    assert [FORMATS[name].file("/changes/") for name in ("feed", "json_feed")] == [
        "changes/feed.xml",
        "changes/feed.json",
    ]
