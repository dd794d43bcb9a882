"""What a provider answers now, and what a refresh would store; nothing is written."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from generator.database import db
from generator.ingest import quarantine
from generator.ingest.interpretation import Interpretation, Knowledge
from generator.ingest.refresh import recorded_fetch
from generator.settings import key_variable
from scrapers import run
from scrapers.errors import ScrapeError
from scrapers.normalise import NormalisedOffer, prices_per_gpu_hour
from scrapers.offer import Key
from scrapers.run import Clock, ProviderModule, Scraped

Comparison = Literal["new", "changed", "same"]


@dataclass(frozen=True, slots=True)
class Probed:
    """A provider's answer, how it was interpreted, and how each of its offers compares with the stored one.

    `gone` are stored offers that are no longer in the answer.
    """

    module: ProviderModule
    scraped: Scraped
    made: Interpretation
    compared: Mapping[Key, Comparison]
    gone: tuple[Key, ...]

    @property
    def offers(self) -> list[NormalisedOffer]:
        """The offers that would be stored."""
        return [] if self.made.error or not self.made.checked else self.made.checked.offers


def probe(
    connection: db.Connection,
    module: ProviderModule,
    *,
    recorded: bool,
    keys: Mapping[str, str],
    contact: str,
    clock: Clock,
) -> Probed:
    """Ask the provider, or its recording, and interpret the answer as a refresh would."""
    scraped = asyncio.run(_scraped(module, recorded=recorded, keys=keys, contact=contact, clock=clock))
    slug = module.PROVIDER.slug
    made = Knowledge(connection).interpret(scraped)
    stored = quarantine.past(connection, slug, is_recorded=scraped.is_recorded).stored
    offers = made.checked.offers if made.checked else []
    compared = {(offer.instance_type, offer.region): _compared(offer, stored) for offer in offers}
    held = {(one.instance_type, one.region) for one in made.checked.held} if made.checked else set()
    return Probed(module, scraped, made, compared, tuple(sorted(stored.keys() - compared.keys() - held)))


async def _scraped(
    module: ProviderModule, *, recorded: bool, keys: Mapping[str, str], contact: str, clock: Clock
) -> Scraped:
    from scrapers.http import Client  # noqa: PLC0415 (saves a probe of a recording 0.1 s)

    async with Client(contact=contact, clock=clock, keys=keys, key_name=key_variable) as client:
        try:
            fetch = recorded_fetch(module.PROVIDER) if recorded else client.fetch_for(module.PROVIDER)
        except ScrapeError as error:
            return Scraped(module.PROVIDER, clock(), clock(), error=error)
        return await run.scrape(module, fetch, clock=clock)


def _compared(offer: NormalisedOffer, stored: Mapping[Key, Mapping[str, object]]) -> Comparison:
    last = stored.get((offer.instance_type, offer.region))
    if last is None:
        return "new"
    return "same" if _rounded(last) == _rounded(prices_per_gpu_hour(offer)) else "changed"


def _rounded(prices: Mapping[str, object]) -> dict[str, str]:
    return {column: f"{price:.4f}" for column, price in prices.items()}
