"""A page as JSON for programs: the figures of its model, with the JSON Schema that says what they are."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Protocol

import orjson
from pydantic import Field, TypeAdapter

from generator import urls
from generator.formats import iso_day
from generator.model import jsonld
from generator.model.blocks import GpuLine, OfferLine, OfferSection, ProviderLine, StatLine
from generator.model.page import Page

Price = Annotated[
    str | None,
    Field(
        pattern=r"^\d+(\.\d+)?$",
        description="US dollars per GPU and hour, before tax, as a decimal number; null where not sold or not known.",
    ),
]
Count = Annotated[int, Field(ge=0)]


@dataclass(frozen=True, slots=True)
class Offer:
    """A row of the page's offer tables: an instance type at one provider, its regions combined.

    `gpu` and `provider` are slugs, `region` is the provider's code of the cheapest region, whose prices these are, and
    `more_regions` the number of others.  `gpu_count` is "8", "1/8" for a share, or "" where the machine's size is not
    stated.  An offer without `flags` is ranked.  `is_recorded` marks a price read from a recorded list, at `evidence`.
    """

    gpu: str
    provider: str
    instance_type: str
    gpu_count: str
    region: str
    more_regions: Count
    on_demand: Price
    spot: Price
    monthly: Price
    reserved_1y: Price
    reserved_3y: Price
    availability: str
    confirmed_on: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")]
    freshness: str
    is_recorded: bool
    flags: tuple[str, ...]
    evidence: str | None


@dataclass(frozen=True, slots=True)
class Market:
    """Figures of one pricing type over all providers, one vote for each, of ranked offers only."""

    pricing_type: str
    floor: Price
    p25: Price
    median: Price
    p75: Price
    ceiling: Price
    providers_n: Count


@dataclass(frozen=True, slots=True)
class GpuPrices:
    """A GPU's page: `path` is its address on the site, `schema` that of this description, from here.

    `offers` are those of the page's tables, of `offers_n` in all.
    """

    schema: str
    path: str
    slug: str
    name: str
    floor: Price
    floor_provider: str | None
    median: Price
    spot_floor: Price
    providers_n: Count
    offers_n: Count
    market: tuple[Market, ...]
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class ProviderPrices:
    """A provider's page: `path` is its address on the site, `schema` that of this description, from here.

    `offers` are those of the page's tables, of `offers_n` in all.
    """

    schema: str
    path: str
    slug: str
    name: str
    provider_type: str
    floor: Price
    gpus_n: Count
    offers_n: Count
    offers: tuple[Offer, ...]


SCHEMAS: Mapping[str, TypeAdapter[GpuPrices] | TypeAdapter[ProviderPrices]] = {
    "gpu": TypeAdapter(GpuPrices),
    "provider": TypeAdapter(ProviderPrices),
}
"""What is published, by the first part of a page's path."""


def schemas() -> dict[str, bytes]:
    """The JSON Schemas: path in the output folder -> bytes."""
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return {
        urls.json_schema(kind).lstrip("/"): orjson.dumps(
            dialect | adapter.json_schema(mode="serialization"), option=orjson.OPT_INDENT_2
        )
        for kind, adapter in SCHEMAS.items()
    }


def page_json(page: Page) -> bytes:
    """The page of a GPU or provider."""
    return orjson.dumps(_RECORDS[page.page_type](page.path, page.body))


class _Gpu(Protocol):
    """What is read of the body of a GPU's page.  Not its class: then a change of that page would touch all others."""

    gpu: GpuLine
    stats: tuple[StatLine, ...]
    sections: tuple[OfferSection, ...]


class _Provider(Protocol):
    """What is read of the body of a provider's page."""

    provider: ProviderLine
    sections: tuple[OfferSection, ...]


def _gpu(path: str, body: _Gpu) -> GpuPrices:
    gpu = body.gpu
    return GpuPrices(
        schema="../schema/gpu.json",
        path=path,
        slug=gpu.slug,
        name=gpu.name,
        floor=_price(gpu.floor),
        floor_provider=_slug(gpu.floor_provider.path) if gpu.floor_provider else None,
        median=_price(gpu.median),
        spot_floor=_price(gpu.spot_floor),
        providers_n=gpu.providers_n,
        offers_n=gpu.offers_n,
        market=tuple(map(_market, body.stats)),
        offers=_offers(body.sections),
    )


def _provider(path: str, body: _Provider) -> ProviderPrices:
    provider = body.provider
    return ProviderPrices(
        schema="../schema/provider.json",
        path=path,
        slug=provider.slug,
        name=provider.name,
        provider_type=provider.provider_type,
        floor=_price(provider.floor),
        gpus_n=provider.gpus_n,
        offers_n=provider.offers_n,
        offers=_offers(body.sections),
    )


_RECORDS: Mapping[str, Callable[[str, Any], GpuPrices | ProviderPrices]] = {
    "gpu_detail": _gpu,
    "provider_detail": _provider,
}


def _market(line: StatLine) -> Market:
    return Market(
        pricing_type=line.pricing_type,
        floor=_price(line.floor),
        p25=_price(line.p25),
        median=_price(line.median),
        p75=_price(line.p75),
        ceiling=_price(line.ceiling),
        providers_n=line.providers_n,
    )


def _offers(sections: Iterable[OfferSection]) -> tuple[Offer, ...]:
    """Each offer once, in the page's order: one with several prices is in several tables."""
    lines = dict.fromkeys(line for section in sections for line in section.lines)
    return tuple(map(_offer, lines))


def _offer(line: OfferLine) -> Offer:
    return Offer(
        gpu=_slug(line.gpu.path),
        provider=_slug(line.provider.path),
        instance_type=line.instance_type,
        gpu_count=line.count,
        region=line.region,
        more_regions=line.more_regions,
        on_demand=_price(line.price_per_gpu_hour),
        spot=_price(line.price_per_gpu_hour_spot),
        monthly=_price(line.price_per_gpu_hour_monthly),
        reserved_1y=_price(line.price_per_gpu_hour_reserved_1y),
        reserved_3y=_price(line.price_per_gpu_hour_reserved_3y),
        availability=line.availability,
        confirmed_on=iso_day(line.confirmed_at),
        freshness=line.freshness,
        is_recorded=line.is_recorded,
        flags=line.flags,
        evidence=line.evidence_url,
    )


def _price(amount: Decimal | None) -> str | None:
    """As the page and its JSON-LD have it."""
    return None if amount is None else jsonld.price(amount)


def _slug(path: str) -> str:
    return path.strip("/").rpartition("/")[2]
