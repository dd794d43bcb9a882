"""What each of a provider's offers of a GPU cost, from when to when: a file for programs, without a page of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.slices import SliceReader, aggregate
from generator.catalogue.views.histories import offer_histories
from generator.model.histories import OfferHistory
from generator.model.jsonld import JsonLd
from generator.model.page import Page
from generator.pages.registry import Key, PageType, Rule


@dataclass(frozen=True, slots=True)
class PriceHistory:
    """What the file holds; nothing is known of later instants than `as_of`."""

    provider: str
    gpu: str
    as_of: datetime
    offers: tuple[OfferHistory, ...]


def keys(catalogue: Catalogue) -> Iterator[Key]:
    """A file for each GPU of which a provider has stored prices."""
    return iter(priced_pairs(catalogue))


@aggregate
def priced_pairs(catalogue: Catalogue) -> tuple[Key, ...]:
    """The providers and GPUs with stored prices."""
    return tuple((row.provider_slug, row.gpu_slug) for row in catalogue.price_spans.values())


def path(provider: str, gpu: str) -> str:
    """/api/v1/history/runpod/h100-sxm.json."""
    return urls.price_history(provider, gpu)


def page(read: SliceReader, _: JsonLd, provider: str, gpu: str) -> Page:
    """The file of a GPU at a provider."""
    offers = read(offer_histories, provider, gpu)
    known = [step.known_until for offer in offers for step in offer.steps]
    gone = [gap.since for offer in offers for gap in offer.gaps]
    name = f"Prices of {gpu} at {provider}"
    return Page(
        path=path(provider, gpu),
        title=name,
        description=name,
        heading=name,
        body=PriceHistory(provider, gpu, max([*known, *gone]), offers),
        newest=max(known),
    )


PAGE_TYPE = PageType(
    "price_history",
    PriceHistory,
    keys,
    path,
    page,
    (Rule("for_programs", "to be a page that people read", lambda *_: False),),
    formats=("history",),
    needs="a price history needs a stored price",
    pair_tables=("histories",),
)
