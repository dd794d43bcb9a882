"""A page as a feed of what its model says: Atom (RFC 4287) and JSON Feed 1.1."""

from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import orjson

from generator import urls
from generator.model.feed import Entry, Feed
from generator.model.page import Page
from generator.prose.characters import seen

_NAMESPACE = "http://www.w3.org/2005/Atom"


def page_feed(page: Page) -> bytes:
    """The feed of a page whose body has one."""
    feed: Feed = page.body.feed
    root = ET.Element("feed", xmlns=_NAMESPACE)
    _texts(root, id=feed.url, title=feed.title, updated=_time(feed.updated))
    _texts(ET.SubElement(root, "author"), name=feed.author)
    ET.SubElement(root, "link", rel="self", type="application/atom+xml", href=urls.feed(feed.folder_url))
    ET.SubElement(root, "link", rel="alternate", type="text/html", href=feed.url)
    for entry in feed.entries:
        _add(root, entry)
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def page_json_feed(page: Page) -> bytes:
    """The same feed as JSON."""
    feed: Feed = page.body.feed
    return orjson.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": seen(feed.title, " "),
            "home_page_url": feed.url,
            "feed_url": urls.json_feed(feed.folder_url),
            "authors": [{"name": seen(feed.author, " ")}],
            "items": list(map(_item, feed.entries)),
        }
    )


def _item(entry: Entry) -> dict[str, str]:
    return {
        "id": entry.id,
        "url": entry.url,
        "title": seen(entry.title, " "),
        "content_text": seen(entry.summary, " "),
        "date_modified": _time(entry.updated),
    }


def _add(root: ET.Element, entry: Entry) -> None:
    made = ET.SubElement(root, "entry")
    _texts(made, id=entry.id, title=entry.title, updated=_time(entry.updated), summary=entry.summary)
    ET.SubElement(made, "link", rel="alternate", type="text/html", href=entry.url)


def _texts(parent: ET.Element, **texts: str) -> None:
    for name, text in texts.items():
        ET.SubElement(parent, name).text = seen(text, " ")


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
