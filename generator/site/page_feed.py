"""A page as an Atom feed (RFC 4287) of what its model says."""

from datetime import UTC, datetime
from xml.etree import ElementTree as ET

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
    ET.SubElement(root, "link", rel="self", type="application/atom+xml", href=feed.feed_url)
    ET.SubElement(root, "link", rel="alternate", type="text/html", href=feed.url)
    for entry in feed.entries:
        _add(root, entry)
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _add(root: ET.Element, entry: Entry) -> None:
    made = ET.SubElement(root, "entry")
    _texts(made, id=entry.id, title=entry.title, updated=_time(entry.updated), summary=entry.summary)
    ET.SubElement(made, "link", rel="alternate", type="text/html", href=entry.url)


def _texts(parent: ET.Element, **texts: str) -> None:
    for name, text in texts.items():
        ET.SubElement(parent, name).text = seen(text, " ")


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
