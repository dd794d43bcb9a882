"""Feeds of a site: each planted fault is one line, and what builds write has none."""

from datetime import UTC, datetime

import orjson
import pytest

from generator.model.feed import Entry, Feed
from generator.site.checked_feeds import problems
from generator.site.page_feed import page_feed, page_json_feed
from tests.generator.page_models import page

AT = datetime(2026, 8, 22, 14, tzinfo=UTC)
HOME = "https://gpus.example/changes/"
ENTRY = Entry("https://gpus.example/changes/#a", "H100 at Nimbus: $2 instead of $3", "On demand.", HOME, AT)


class Body:
    feed = Feed("Price changes", "Acme", HOME, HOME, AT, (ENTRY,))


def atom() -> str:
    return page_feed(page("price_change_feed", Body())).decode()


def json() -> dict:
    return orjson.loads(page_json_feed(page("price_change_feed", Body())))


def wrong(data, name="feed.xml", dead=()) -> list[str]:
    text = data if isinstance(data, bytes) else data.encode() if isinstance(data, str) else orjson.dumps(data)
    return list(problems(text, f"{HOME}{name}", lambda link: "leads nowhere" if link in dead else ""))


def test_what_builds_write_is_right():
    assert wrong(atom()) == []
    assert wrong(json(), "feed.json") == []


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("</feed>", "", "not XML"),
        ("http://www.w3.org/2005/Atom", "urn:x", "expected {http://www.w3.org/2005/Atom}feed"),
        (f'rel="self" type="application/atom+xml" href="{HOME}feed.xml"', 'rel="self" href="/x"', "its link to itself"),
        ("<title>Price changes</title>", "<title> </title>", "the feed has no title"),
        ("<name>Acme</name>", "<name></name>", "no author"),
        ("2026-08-22T14:00:00Z", "yesterday", "the feed: updated is 'yesterday'"),
        (f"<id>{ENTRY.id}</id>", "<id></id>", "entry 1 has no id"),
    ],
)
def test_a_fault_of_an_atom_feed_is_one_line(old, new, line):
    assert old in atom()
    assert any(line in one for one in wrong(atom().replace(old, new, 1)))


def test_ids_given_twice_and_dead_links_are_found():
    entry = atom()[atom().index("<entry>") : atom().index("</entry>") + len("</entry>")]
    assert wrong(atom().replace(entry, entry * 2)) == [f"the id '{ENTRY.id}' is given 2 times"]
    assert wrong(atom(), dead={HOME}) == [f"entry 1: '{HOME}' leads nowhere"]


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"version": "1"}, "expected an object with the version"),
        ({"feed_url": "https://x.example/"}, "feed_url is 'https://x.example/'"),
        ({"title": ""}, "the feed has no title"),
        ({"items": {}}, "items is no list"),
        ({"items": [{"id": "a", "content_text": "b"}]}, "item 1 has no link"),
        ({"items": [{"url": HOME, "content_text": "b"}]}, "item 1 has no id or no content"),
    ],
)
def test_a_fault_of_a_json_feed_is_one_line(change, line):
    assert any(line in one for one in wrong(json() | change, "feed.json"))


def test_a_feed_that_is_not_json_is_one_line():
    assert wrong(b"{", "feed.json")[0].startswith("not JSON")
