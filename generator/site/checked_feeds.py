"""What must be true of a site's feeds: Atom by RFC 4287, JSON Feed by version 1.1, links that lead somewhere."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

import orjson
from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
_VERSION = "https://jsonfeed.org/version/1.1"
_AUTHOR = f"{ATOM}author/{ATOM}name"


def problems(data: bytes, address: str, problem_of: Callable[[str], str]) -> Iterator[str]:
    """What is wrong with a feed at its absolute address; `problem_of` says what is with a link, "" for nothing."""
    yield from _json(data, address, problem_of) if address.endswith(".json") else _atom(data, address, problem_of)


def _atom(data: bytes, address: str, problem_of: Callable[[str], str]) -> Iterator[str]:
    try:
        root = etree.fromstring(data)
    except etree.XMLSyntaxError as error:
        yield f"not XML: {error}"
        return
    if root.tag != f"{ATOM}feed":
        yield f"the root is {root.tag!r}; expected {ATOM}feed"
        return
    own = [link.get("href") for link in root.iterfind(f"{ATOM}link") if link.get("rel") == "self"]
    if own != [address]:
        yield f"its link to itself is {own}; expected {address}"
    yield from _texts(root, "the feed", ("id", "title", "updated"))
    if not (root.findtext(_AUTHOR) or "").strip():
        yield "no author; expected one for the feed"
    entries = root.findall(f"{ATOM}entry")
    yield from _doubles(entry.findtext(f"{ATOM}id") or "" for entry in entries)
    for number, entry in enumerate(entries, 1):
        yield from _texts(entry, f"entry {number}", ("id", "title", "updated"))
        links = [link.get("href", "") for link in entry.iterfind(f"{ATOM}link")]
        yield from _links(links, f"entry {number}", problem_of)


def _texts(element: Any, name: str, fields: Iterable[str]) -> Iterator[str]:
    for field in fields:
        text = (element.findtext(f"{ATOM}{field}") or "").strip()
        if not text:
            yield f"{name} has no {field}"
        elif field == "updated" and not _is_aware(text):
            yield f"{name}: updated is {text!r}; expected a date and time with its zone"


def _json(data: bytes, address: str, problem_of: Callable[[str], str]) -> Iterator[str]:
    try:
        feed = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        yield f"not JSON: {error}"
        return
    if not isinstance(feed, dict) or feed.get("version") != _VERSION:
        yield f"expected an object with the version {_VERSION}"
        return
    if feed.get("feed_url") != address:
        yield f"feed_url is {feed.get('feed_url')!r}; expected {address}"
    if not feed.get("title"):
        yield "the feed has no title"
    items = feed.get("items")
    if not isinstance(items, list):
        yield "items is no list"
        return
    yield from _doubles(str(item.get("id", "")) for item in items)
    for number, item in enumerate(items, 1):
        if not item.get("id") or not (item.get("content_text") or item.get("content_html")):
            yield f"item {number} has no id or no content"
        yield from _links([str(item.get("url", ""))], f"item {number}", problem_of)


def _links(links: list[str], name: str, problem_of: Callable[[str], str]) -> Iterator[str]:
    if not any(links):
        yield f"{name} has no link"
    for link in links:
        if problem := problem_of(link):
            yield f"{name}: {link!r} {problem}"


def _doubles(ids: Iterable[str]) -> Iterator[str]:
    return (f"the id {one!r} is given {times} times" for one, times in Counter(ids).items() if times > 1)


def _is_aware(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
