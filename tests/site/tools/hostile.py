"""Recorded answers with a hostile text at the end of every field that reaches an offer.

Run as a program (`python -m tests.site.tools.hostile`), it is build.py with such answers.
"""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import lxml.html

from generator.commands import main
from scrapers import captures, run
from scrapers.captures import Capture
from scrapers.run import ProviderModule

TEXT = "../../etc</script><img src=x onerror=alert(1)>"
NAMES_TOO = "akash"  # a provider whose GPU names are hostile as well, so that none of its offers can be stored
_FIELDS = ("instance_type", "instance_name", "region", "available_regions", "storage_type")


def recordings() -> dict[str, captures.Recording]:
    """The recordings, by provider, with the text in as many fields as still parse; only where some do."""
    found = ((module.PROVIDER.slug, _poisoned(module)) for module in run.providers())
    return {slug: recording for slug, recording in found if recording}


def _poisoned(module: ProviderModule) -> captures.Recording | None:
    recording = captures.recording(module.PROVIDER.slug)
    if recording is None or not recording.is_dated:
        return None
    kept: set[str] = set()
    for key in sorted({key for capture in recording.captures for key in _fields_of(capture)}):
        if _hostile_offers(module, _with(recording, kept | {key})) > _hostile_offers(module, _with(recording, kept)):
            kept.add(key)
    return _with(recording, kept) if kept else None


def _with(recording: captures.Recording, keys: set[str]) -> captures.Recording:
    return replace(recording, captures=tuple(_capture(capture, keys) for capture in recording.captures))


def _capture(capture: Capture, keys: set[str]) -> Capture:
    if "json" in capture.content_type:
        return replace(capture, body=json.dumps(_spoiled(json.loads(capture.body), keys)).encode())
    if "html" in capture.content_type and keys:
        return replace(capture, body=_spoiled_page(capture, keys))
    return capture


def _fields_of(capture: Capture) -> set[str]:
    """The places in an answer that can carry the text: names of JSON fields, or elements of a page."""
    if "json" in capture.content_type:
        return set(_keys(json.loads(capture.body)))
    if "html" in capture.content_type:
        return {_place(element) for element in _worded(lxml.html.document_fromstring(capture.body.decode()))}
    return set()


def _worded(page: lxml.html.HtmlElement) -> list[lxml.html.HtmlElement]:
    return page.xpath("//body//*[not(self::script or self::style)][not(*)][normalize-space(text())]")


def _place(element: lxml.html.HtmlElement) -> str:
    """An element's tag and its number among its siblings: `td 2`."""
    return f"{element.tag} {element.getparent().index(element)}"


def _spoiled_page(capture: Capture, places: set[str]) -> bytes:
    page = lxml.html.document_fromstring(capture.body.decode())
    for element in _worded(page):
        if _place(element) in places:
            element.text += TEXT
    return lxml.html.tostring(page, doctype="<!doctype html>", encoding="utf-8")


def _hostile_offers(module: ProviderModule, recording: captures.Recording) -> int:
    """How many fields of offers carry the text; none where the answer is refused, or a GPU name carries it too."""
    fetch = run.replayer(recording.captures)
    scraped = asyncio.run(run.scrape(module, fetch, clock=lambda: datetime(2026, 8, 22, tzinfo=UTC)))
    names_too = module.PROVIDER.slug == NAMES_TOO
    if scraped.error or (any(TEXT in offer.gpu_name for offer in scraped.offers) and not names_too):
        return 0
    return sum(TEXT in str(getattr(offer, field)) for offer in scraped.offers for field in _FIELDS)


def _keys(value: Any) -> Iterator[str]:
    """The names of all fields with text in an answer."""
    if isinstance(value, dict):
        for key, inner in value.items():
            texts = inner if isinstance(inner, list) else [inner]
            if any(isinstance(text, str) for text in texts):
                yield key
            yield from _keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _keys(inner)


def _spoiled(value: Any, keys: set[str], key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _spoiled(inner, keys, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_spoiled(inner, keys, key) for inner in value]
    return value + TEXT if isinstance(value, str) and key in keys else value


if __name__ == "__main__":
    spoiled, plain = recordings(), captures.recording
    captures.recording = lambda provider, *more: spoiled.get(provider) or plain(provider, *more)
    main()
