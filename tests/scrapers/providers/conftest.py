"""A provider's recorded answer, replayed into offers the way a run does it."""

import asyncio
from collections.abc import Callable
from importlib import import_module
from types import ModuleType

import pytest

from scrapers.captures import Capture, Request, recording, replay
from scrapers.offer import Offer
from scrapers.sources import HtmlTable

Replayed = Callable[[str], list[Offer]]


def module_of(slug: str) -> ModuleType:
    return import_module(f"scrapers.providers.{slug.replace('-', '_')}")


def offers_of(slug: str) -> list[Offer]:
    module, shipped = module_of(slug), recording(slug)
    assert shipped is not None, f"scrapers/recorded/{slug}.json is missing"
    answers = replay(shipped.captures)

    async def fetch(request: Request) -> Capture:
        return answers[request.identity]

    document = asyncio.run(module.SOURCE.document(fetch))
    if isinstance(module.SOURCE, HtmlTable):
        return [Offer(**fields) for fields in module.SOURCE.fields(document)]
    return list(module.offers(document))


@pytest.fixture(scope="session")
def replayed() -> Replayed:
    """Slug -> the offers of its recording, each replayed once."""
    seen: dict[str, list[Offer]] = {}

    def of(slug: str) -> list[Offer]:
        if slug not in seen:
            seen[slug] = offers_of(slug)
        return seen[slug]

    return of
