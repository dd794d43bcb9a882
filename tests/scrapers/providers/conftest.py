"""A provider's recorded answer, replayed into offers the way a run does it."""

import asyncio
from collections.abc import Callable
from importlib import import_module
from typing import cast

import pytest

from scrapers import run
from scrapers.captures import recording
from scrapers.offer import Offer
from scrapers.run import ProviderModule

Replayed = Callable[[str], list[Offer]]
Found = Callable[..., Offer]


def offers_of(slug: str) -> list[Offer]:
    module, shipped = import_module(f"scrapers.providers.{slug.replace('-', '_')}"), recording(slug)
    assert shipped is not None, f"scrapers/recorded/{slug}.json is missing"
    document = asyncio.run(module.SOURCE.document(run.replayer(shipped.captures)))
    return list(run.row_parser(cast("ProviderModule", module))(document))


@pytest.fixture(scope="session")
def replayed() -> Replayed:
    """The offers of a provider's recording, by slug; each recording is replayed once."""
    seen: dict[str, list[Offer]] = {}

    def of(slug: str) -> list[Offer]:
        if slug not in seen:
            seen[slug] = offers_of(slug)
        return seen[slug]

    return of


@pytest.fixture(scope="session")
def recorded_offer(replayed: Replayed) -> Found:
    """The only offer with this key in the provider's recording, by slug, instance type and region."""

    def of(slug: str, instance_type: str, region: str = "") -> Offer:
        [found] = [o for o in replayed(slug) if (o.instance_type, o.region) == (instance_type, region)]
        return found

    return of
