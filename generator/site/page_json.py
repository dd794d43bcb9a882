"""A page as JSON for programs: the figures of its model, with the JSON Schema that says what they are."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Protocol

import orjson
from pydantic import TypeAdapter

from generator import urls
from generator.catalogue.views.source_status import SourceLine
from generator.formats import iso_day, plain_money
from generator.model import published
from generator.model.blocks import GpuLine, Link, Part, ProviderLine, SellerFloor, StatedTerm, StatLine
from generator.model.downloads import Downloads
from generator.model.identifiers import GpuName, InstanceType
from generator.model.page import Page
from generator.model.price_events import PriceEvent

KINDS: Mapping[str, type[published.File]] = {
    "gpu": published.GpuPrices,
    "gpus": published.Gpus,
    "provider": published.ProviderPrices,
    "providers": published.Providers,
    "offers": published.Offers,
    "identifiers": published.Identifiers,
    "status": published.Status,
    "terms": published.Terms,
    "comparisons": published.Comparisons,
    "changes": published.Changes,
}
"""What is published, by the name of its schema."""


@cache
def schemas() -> Mapping[str, bytes]:
    """The JSON Schemas: path in the output folder -> bytes."""
    return {urls.output_file(urls.json_schema(kind)): schema_of(made) for kind, made in KINDS.items()}


def page_json(page: Page) -> bytes:
    """The page of a type that has a record."""
    return orjson.dumps(replace(_RECORDS[page.page_type](page), methodology=page.method))


def schema_of(kind: type) -> bytes:
    """The JSON Schema of a kind of file."""
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    described = TypeAdapter(kind).json_schema(mode="serialization")
    return orjson.dumps(dialect | described, option=orjson.OPT_INDENT_2)


# What is read of a page's body is a Protocol, not its class: else a change of that page would touch all others.


class _Gpu(Protocol):
    gpu: GpuLine
    stats: tuple[StatLine, ...]
    floors: tuple[SellerFloor, ...]


class _Provider(Protocol):
    provider: ProviderLine


class _Group(Protocol):
    lines: Part[Any]


class _Gpus(Protocol):
    groups: tuple[_Group, ...]
    not_offered: tuple[GpuLine, ...]


class _Providers(Protocol):
    groups: tuple[_Group, ...]
    unchecked: tuple[ProviderLine, ...]


class _Status(Protocol):
    lines: tuple[SourceLine, ...]


class _Data(Protocol):
    downloads: Downloads


class _Identifiers(Protocol):
    gpu_names: tuple[GpuName, ...]
    instance_types: tuple[InstanceType, ...]


class _SellerTerms(Protocol):
    provider: Link
    terms: tuple[StatedTerm, ...]


class _Calculator(Protocol):
    sellers: tuple[_SellerTerms, ...]


class _AnyComparison(Protocol):
    gpu_pairs: tuple[tuple[str, str], ...]
    provider_pairs: tuple[tuple[str, str], ...]


class _Month(Protocol):
    events: tuple[PriceEvent, ...]


class _Changes(Protocol):
    months: tuple[_Month, ...]


def _gpu(page: Page) -> published.GpuPrices:
    body: _Gpu = page.body
    slug = body.gpu.slug
    return published.GpuPrices(
        schema="../schema/gpu.json",
        path=page.path,
        as_of=max((offer.confirmed_on for offer in page.offers), default=None),
        gpu=_gpu_summary(body.gpu),
        market=tuple(map(_market, body.stats)),
        floors=tuple(
            published.ProviderFloor(one.provider, _exact(one.price_per_gpu_hour), one.gpu_counts) for one in body.floors
        ),
        offers=tuple(offer for offer in page.offers if offer.gpu == slug),
        form_factor_not_stated=tuple(offer for offer in page.offers if offer.gpu != slug),
    )


def _provider(page: Page) -> published.ProviderPrices:
    body: _Provider = page.body
    return published.ProviderPrices(
        schema="../schema/provider.json",
        path=page.path,
        as_of=max((offer.confirmed_on for offer in page.offers), default=None),
        provider=_provider_summary(body.provider),
        offers=page.offers,
    )


def _gpus(page: Page) -> published.Gpus:
    body: _Gpus = page.body
    lines = (*_lines(body.groups), *body.not_offered)
    return published.Gpus(
        schema="schema/gpus.json",
        path=page.path,
        as_of=_newest([page.newest]),
        gpus=tuple(map(_gpu_summary, lines)),
    )


def _providers(page: Page) -> published.Providers:
    body: _Providers = page.body
    lines = (*_lines(body.groups), *body.unchecked)
    return published.Providers(
        schema="schema/providers.json",
        path=page.path,
        as_of=_newest(line.confirmed_at for line in lines),
        providers=tuple(map(_provider_summary, lines)),
    )


def _offers(page: Page) -> published.Offers:
    body: _Data = page.body
    held = body.downloads
    return published.Offers(
        schema="schema/offers.json",
        path=page.path,
        as_of=_newest([held.until]),
        offers_n=held.offers_n,
        files=tuple(
            published.ProviderFile(one.provider, f"provider/{one.provider}.json", one.offers_n)
            for one in held.providers
        ),
    )


def _identifiers(page: Page) -> published.Identifiers:
    body: _Identifiers = page.body
    return published.Identifiers(
        schema="schema/identifiers.json",
        path=page.path,
        as_of=None,
        gpu_names=tuple(published.NamedGpu(*one) for one in body.gpu_names),
        instance_types=tuple(published.NamedMachine(*one) for one in body.instance_types),
    )


def _terms(page: Page) -> published.Terms:
    body: _Calculator = page.body
    return published.Terms(
        schema="schema/terms.json",
        path=page.path,
        as_of=_newest(term.checked_on for one in body.sellers for term in one.terms),
        providers=tuple(
            published.ProviderTerms(_slug(one.provider), one.provider.text, tuple(map(_term, one.terms)))
            for one in body.sellers
        ),
    )


def _comparisons(page: Page) -> published.Comparisons:
    body: _AnyComparison = page.body
    return published.Comparisons(
        schema="schema/comparisons.json",
        path=page.path,
        as_of=None,
        gpus=body.gpu_pairs,
        providers=body.provider_pairs,
    )


def _status(page: Page) -> published.Status:
    body: _Status = page.body
    return published.Status(
        schema="schema/status.json",
        path=page.path,
        as_of=_newest(line.tried_on for line in body.lines),
        sources=tuple(map(_source, body.lines)),
    )


def _changes(page: Page) -> published.Changes:
    body: _Changes = page.body
    events = [event for month in body.months for event in month.events]
    return published.Changes(
        schema="schema/changes.json",
        path=page.path,
        as_of=_newest(event.at for event in events),
        changes=tuple(map(_change, events)),
    )


_RECORDS: Mapping[str, Callable[[Page], published.File]] = {
    "gpu_detail": _gpu,
    "provider_detail": _provider,
    "gpu_index": _gpus,
    "provider_index": _providers,
    "data": _offers,
    "identifiers": _identifiers,
    "calculator": _terms,
    "compare_any": _comparisons,
    "status": _status,
    "price_changes": _changes,
}


def _gpu_summary(line: GpuLine) -> published.GpuSummary:
    return published.GpuSummary(
        slug=line.slug,
        name=line.name,
        vram_gb=line.vram_gb,
        memory_type=line.memory_type or None,
        memory_bandwidth_gbps=line.memory_bandwidth_gbps,
        form_factor=line.form_factor or None,
        fp16_tflops=_number(line.fp16_tflops),
        fp8_tflops=_number(line.fp8_tflops),
        floor=_price(line.floor),
        floor_provider=_slug(line.floor_provider) if line.floor_provider else None,
        median=_price(line.median),
        spot_floor=_price(line.spot_floor),
        providers_n=line.providers_n,
        offers_n=line.offers_n,
    )


def _market(line: StatLine) -> published.Market:
    return published.Market(
        pricing_type=line.pricing_type,
        floor=_price(line.floor),
        p25=_price(line.p25),
        median=_price(line.median),
        p75=_price(line.p75),
        ceiling=_price(line.ceiling),
        providers_n=line.providers_n,
    )


def _provider_summary(line: ProviderLine) -> published.ProviderSummary:
    return published.ProviderSummary(
        slug=line.slug,
        name=line.name,
        provider_type=line.provider_type,
        headquarters=line.country or None,
        floor=_price(line.floor),
        gpus_n=line.gpus_n,
        offers_n=line.offers_n,
        confirmed_on=_newest([line.confirmed_at]),
    )


def _source(line: SourceLine) -> published.Source:
    is_known = line.error is None and line.tried_on is not None
    return published.Source(
        provider=_slug(line.provider),
        tried_on=_newest([line.tried_on]),
        error=line.error if line.tried_on else None,
        offers_n=line.offers_n if is_known else None,
        is_recorded=line.is_recorded,
        good_on=_newest([line.good_on]),
    )


def _term(row: StatedTerm) -> published.Term:
    return published.Term(
        field=row.field,
        qualifier=row.qualifier or None,
        value=_exact(row.value),
        unit=row.unit,
        currency=row.currency,
        usd=_exact(row.usd),
        word=row.word,
        text=row.text,
        note=row.note or None,
        source=row.source_url,
        checked_on=_newest([row.checked_on]),
        counts=row.counts,
    )


def _change(event: PriceEvent) -> published.Change:
    return published.Change(
        id=event.id,
        gpu=_slug(event.gpu),
        provider=_slug(event.provider),
        instance_type=event.instance_type,
        regions=event.regions or None,
        pricing_type=event.pricing_type,
        gpu_count=event.gpu_count,
        old=event.old,
        new=event.new,
        change=float(event.change),
        at=f"{event.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        old_evidence=event.old_url,
        new_evidence=event.new_url,
        retracted_on=event.retracted_on.isoformat() if event.retracted_on else None,
    )


def _lines(groups: Iterable[_Group]) -> Iterable[Any]:
    return (line for group in groups for line in (*group.lines, *group.lines.rest))


def _newest(moments: Iterable[date | datetime | None]) -> str | None:
    """The newest day."""
    return max((iso_day(moment) for moment in moments if moment), default=None)


def _price(amount: Decimal | None) -> str | None:
    """With the digits that the page and its JSON-LD have."""
    return None if amount is None else plain_money(amount)


def _number(figure: Decimal | None) -> float | None:
    return None if figure is None else float(figure)


def _exact(amount: Decimal | None) -> str | None:
    """Unrounded: what sums are made of."""
    return None if amount is None else f"{amount.normalize():f}"


def _slug(link: Link) -> str:
    return link.path.strip("/").rpartition("/")[2]
