"""Small catalogues of hand-made rows for the tests of views and pages: rows in, Catalogue out, no database."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from statistics import median, quantiles
from types import NoneType
from typing import Any, get_args, get_type_hints

from pydantic import TypeAdapter

from generator.catalogue.catalogue import CHANGE_DAYS, Catalogue, midnight, versions_of
from generator.catalogue.list_rows import (
    AnswerRow,
    CrowdedPairRow,
    FeatureFloorRow,
    GpuNameRow,
    PlacedOfferRow,
    PriceEventRow,
    PriceSpanRow,
    PriceStepRow,
    ScheduledPriceRow,
    SourceStatusRow,
    WatchedSinceRow,
)
from generator.catalogue.rows import (
    AvailabilityRow,
    ConfirmedRow,
    DisagreementRow,
    EarlierFloorRow,
    FloorRow,
    GpuRow,
    HeldBackRow,
    IncompleteReadingRow,
    ListedGpuRow,
    ListedProviderRow,
    MoveRow,
    OfferRow,
    ProviderFiguresRow,
    ProviderRow,
    ReadingsLeftOutRow,
    ReferenceRow,
    ReferenceSourceRow,
    SellerDayRow,
    Sold,
    SoldWithoutPriceRow,
    StatsRow,
    TermRow,
    TrendRow,
)
from generator.labels import SEGMENTS
from generator.model.jsonld import JsonLd
from generator.model.page import Site
from generator.prose.methodology_versions import MethodologyVersion
from generator.prose.requirements import ASSUMED, Requirement
from generator.prose.texts import Citation, Guide, Prose, Workload
from scrapers.price_per_gpu_hour import PER_GPU_HOUR, prices_per_gpu_hour

AS_OF = datetime(2026, 8, 22, 6, 21, tzinfo=UTC)
DAY = AS_OF.date()
SITE = Site("CloudGPUs", "https://gpus.example/prices", "Acme", AS_OF, False, "https://code.example/x")
LD = JsonLd(SITE)
HOSTILE = ("</script><img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "../../etc", "*a* _b_ `c` | d\n# e")
COLUMNS = {
    "on_demand": "price_per_gpu_hour",
    "spot": "price_per_gpu_hour_spot",
    "monthly": "price_per_gpu_hour_monthly",
    "reserved_1y": "price_per_gpu_hour_reserved_1y",
    "reserved_3y": "price_per_gpu_hour_reserved_3y",
}
PLAIN = {str: "", bool: False, int: 1, Decimal: Decimal(1), datetime: AS_OF, date: DAY}


def made(row: type, **values: Any) -> Any:
    """A row with these values; what is not given is empty, unknown, one or now."""
    hints = get_type_hints(row)
    for name, hint in hints.items():
        empty = None if NoneType in get_args(hint) else PLAIN.get(hint)
        values.setdefault(name, {"list": [], "dict": {}}.get(str(hint).partition("[")[0], empty))
    return row(**values)


def gpu(slug: str = "h100-sxm", **values: Any) -> GpuRow:
    """A data-centre variant of 80 GB."""
    own = {"id": f"id-{slug}", "name": f"NVIDIA {slug}", "short_name": slug, "kind": "variant", "vram_gb": 80}
    own |= {"manufacturer": "NVIDIA", "architecture": "hopper", "is_datacenter": True}
    return made(GpuRow, slug=slug, **own | values)


def provider(slug: str = "nimbus", **values: Any) -> ProviderRow:
    """A GPU cloud read this morning."""
    own = {"id": f"id-{slug}", "name": slug.title(), "display_name": slug.title(), "last_confirmed_at": AS_OF}
    own |= {"provider_type": "specialized_neocloud", "website_url": f"https://{slug}.example"}
    return made(ProviderRow, slug=slug, source_class="provider_api", **own | values)


KNOWN_TERMS = {
    "headquarters_country": "USA",
    "founded_year": 2017,
    "has_public_api": True,
    "min_billing_increment_seconds": 60,
    "supports_spot_instances": True,
    "supports_reserved_instances": True,
    "supports_bare_metal": False,
}


def comparable(*slugs: str) -> list[Any]:
    """Providers of whom enough is known to compare their terms."""
    return [row for slug in slugs for row in (provider(slug, **KNOWN_TERMS), term(slug, "egress", 0, "per GB"))]


def offer(gpu_slug: str, provider_slug: str, price: Any = None, spot: Any = None, **values: Any) -> OfferRow:
    """A complete, fresh offer; prices are for the whole instance.  It ranks if nothing speaks against it."""
    own = {"instance_type": "a", "price_basis": "complete", "currency": "USD", "freshness": "fresh"}
    own |= {"price_per_hour": decimal(price), "price_per_hour_spot": decimal(spot), "availability_status": "available"}
    own |= {
        "size_stated": True,
        "gpu_slug": gpu_slug,
        "provider_slug": provider_slug,
        "id": f"{gpu_slug}-{provider_slug}",
    } | values
    own |= {PER_GPU_HOUR[column]: price for column, price in prices_per_gpu_hour(made(OfferRow, **own)).items()}
    ranks = own["price_basis"] == "complete" and own["freshness"] == "fresh" and own.get("gpu_share", 1) == 1
    available = own["availability_status"] in {"available", "limited"}
    return made(OfferRow, **{"is_ranked": ranks and available} | own)


def placed(gpu_slug: str, provider_slug: str, price: Any = None, country: str | None = "DE", **values: Any) -> Any:
    """A provider's offers of a GPU in a region in Europe; the cheapest ranks where it has a price."""
    own = {"region": "eu-1", "continent": "Europe", "is_ranked": price is not None, "instance_type": "a"}
    own |= {"price_per_gpu_hour": decimal(price), "price_per_hour": decimal(price), "size_stated": True}
    own |= {"availability_status": "available", "freshness": "fresh", "currency": "USD", "country": country}
    return made(PlacedOfferRow, gpu_slug=gpu_slug, provider_slug=provider_slug, **own | values)


def answer(provider_slug: str, job: str = "job", sha256: str = "0123456789ab" + 52 * "c", **values: Any) -> AnswerRow:
    """A live answer of a provider, behind the offers with this `scrape_job_id`."""
    own = {"method": "GET", "url": f"https://{provider_slug}.example/prices", "status": 200, "body_bytes": 1234}
    return made(AnswerRow, provider_slug=provider_slug, scrape_job_id=job, sha256=sha256, **own | values)


def decimal(price: Any) -> Decimal | None:
    return None if price is None else Decimal(str(price))


def step(pair: str, price: Any, days: float, until: float | None = None, **values: Any) -> PriceStepRow:
    """A price of the only offer of a pair, "ash/a", from so many days ago until then, or still in force."""
    since, to = (None if ago is None else AS_OF - timedelta(ago) for ago in (days, until))
    own = {"offer_id": pair, "instance_type": "a", "price_basis": "complete", "size_stated": True, "currency": "USD"}
    own |= {"on_demand": decimal(price), "valid_from": since, "valid_to": to, "is_active": True}
    own |= {"last_confirmed_at": to or midnight(AS_OF), "evidence_url": f"https://read.example/{days:g}"}
    return made(PriceStepRow, pair=pair, **own | values)


def readings(gpu_slug: str, days: int = 49, source: str = "readers", **prices: Any) -> list[ReferenceRow]:
    """A source's last days: a provider's price, or a function of how many days ago that gives one or None."""
    rows = []
    for ago in reversed(range(days)):
        known = {name: price(ago) if callable(price) else price for name, price in sorted(prices.items())}
        known = {name.replace("_", "-"): decimal(price) for name, price in known.items() if price is not None}
        if known:
            rows.append(ReferenceRow(gpu_slug, source, DAY - timedelta(ago), list(known), list(known.values())))
    return rows


def observed(gpu_slug: str, days: int = 49, pricing_type: str = "on_demand", **prices: Any) -> list[SellerDayRow]:
    """The same by our own observation, up to yesterday."""
    rows = [row._replace(day=row.day - timedelta(1)) for row in readings(gpu_slug, days, **prices)]
    return [SellerDayRow(gpu_slug, pricing_type, row.day, row.providers, row.floors) for row in rows]


def term(provider_slug: str, field: str, value: Any = None, unit: str | None = None, **values: Any) -> TermRow:
    """A term checked today: a number with its unit, or `word`; money is in US dollars."""
    priced = (unit or "").startswith("per ")
    own = {"value": decimal(value), "unit": unit, "qualifier": "", "note": "", "source_url": "https://terms.example/x"}
    own |= {"is_current": True, "checked_on": DAY}
    own |= {"currency": "USD", "usd": decimal(value)} if priced else {}
    return made(TermRow, provider_slug=provider_slug, field=field, **own | values)


def trend(gpu_slug: str, day: date, floor: Any, middle: Any = None) -> TrendRow:
    return TrendRow(gpu_slug, day, decimal(floor), decimal(middle or floor), 3)


def move(gpu_slug: str, provider_slug: str, old: Any, new: Any) -> MoveRow:
    return MoveRow(gpu_slug, provider_slug, decimal(old), decimal(new), AS_OF, "readers")


def price_event(gpu_slug: str, provider_slug: str, old: Any, new: Any, **values: Any) -> PriceEventRow:
    """A change on demand that was seen now, of a price that had stood for nine days."""
    own = {"pricing_type": "on_demand", "instance_type": "a", "regions": ["eu-1"], "currency": "USD"}
    own |= {"old_since": AS_OF - timedelta(9), "new_source_url": "https://read.example/prices"}
    own |= {"old_price": decimal(old), "new_price": decimal(new)} | values
    return made(PriceEventRow, gpu_slug=gpu_slug, provider_slug=provider_slug, **own)


def watched(gpu_slug: str, provider_slug: str, share: Any, hours: Any = 720, daily: str = "i") -> AvailabilityRow:
    return AvailabilityRow(gpu_slug, provider_slug, decimal(hours), decimal(share), daily)


def held(provider_slug: str, gpu_slug: str | None, rule: str, offers_n: int = 1, names_n: int = 0) -> HeldBackRow:
    return HeldBackRow(provider_slug, gpu_slug, rule, offers_n, names_n)


def differing(gpu_slug: str, provider_slug: str, ours: Any = 2, theirs: Any = "2.5", **values: Any) -> DisagreementRow:
    """A price on demand that "readers" read otherwise on the same day."""
    own = {"pricing_type": "on_demand", "region": "", "instance_type": "a", "observed_at": AS_OF}
    own |= {"price_per_gpu_hour": decimal(ours), "reading_price_per_gpu_hour": decimal(theirs)}
    own |= {"reading_source": "readers", "reading_url": "https://readers.example", "reading_licence": "CC BY 4.0"}
    own |= {"gpu_slug": gpu_slug, "provider_slug": provider_slug, "reading_observed_at": AS_OF}
    return made(DisagreementRow, **own | values)


def sold(provider_slug: str, gpu_slug: str, machine_type: str = "big.8x") -> SoldWithoutPriceRow:
    return SoldWithoutPriceRow(provider_slug, gpu_slug, machine_type, f"https://{provider_slug}.example/{machine_type}")


def guide(slug: str = "sxm", **values: Any) -> Guide:
    """A published guide."""
    own = {"title": f"What is {slug}?", "description": "It says.", "author": "Acme"}
    own |= {"summary": "Short.", "text": "Long.", "published_on": DAY}
    sources = (Citation("One", "https://one.example/"), Citation("Two", "https://two.example/"))
    return Guide(slug=slug, sources=sources, **own | values)


RUNS_ON = {"architectures": ("hopper",), "source": "https://software.example/", "checked_on": DAY}


def needing(formula: str = "stated", **values: Any) -> Requirement:
    """A requirement with these figures; whatever else is given is a field of its own."""
    own = {name: values.pop(name) for name in ("machines", "network", "runs_on") if name in values}
    stated = {"source": "https://model.example/", "checked_on": DAY}
    figures = {
        name: {"value": decimal(value), **({} if name in ASSUMED else stated)}
        for name, value in (values or {"memory_gb": 40}).items()
    }
    fields = {"version": 1, "of": "A model", "interconnect": "None.", "runs_on": RUNS_ON, "formula": formula}
    return TypeAdapter(Requirement).validate_python({**fields, "figures": figures, **own})


def workload(slug: str = "talk", needs: Requirement | None = None, **values: Any) -> Workload:
    """A published text about a workload; it needs 40 GB on one GPU."""
    own = {"title": f"Best GPU for {slug}", "name": slug, "description": "It says.", "author": "Acme"}
    own |= {"summary": "Short.", "text": "Long.", "published_on": DAY, "needs": needs or needing()}
    sources = (Citation("One", "https://one.example/"), Citation("Two", "https://two.example/"))
    return Workload(slug=slug, sources=sources, **own | values)


def catalogue(*rows: Any, **others: Any) -> Catalogue:
    """A catalogue of these rows; GPUs and providers that offers name are made, figures computed from what ranks."""
    of = defaultdict(list)
    for row in rows:
        of[type(row)].append(row)
    offers = of[OfferRow]
    gpus = {
        slug: gpu(slug)
        for slug in sorted({one.gpu_slug for one in (*offers, *of[ReferenceRow], *of[TrendRow], *of[SellerDayRow])})
    }
    providers = {slug: provider(slug) for slug in sorted({one.provider_slug for one in offers})}
    providers |= {row.slug: row for row in of[ProviderRow]}
    floors = _floors(offers)
    offers_by_gpu, floors_by_gpu = _by(offers, "gpu_slug"), _by(floors, "gpu_slug")
    markets = {(row.gpu_slug, row.pricing_type) for row in floors}
    figures = [
        row
        for market in sorted(markets)
        for segment in ("", *SEGMENTS)
        if (row := _stats(*market, segment, floors_by_gpu[market[0]], offers_by_gpu[market[0]], providers))
    ]
    gpus = dict(sorted((gpus | {row.slug: row for row in of[GpuRow]}).items()))
    shown = _provider_figures(providers, offers)
    read = _slugs([*of[TrendRow], *of[ReferenceRow], *of[SellerDayRow]])
    known = {
        "as_of": AS_OF,
        "is_all_recorded": all(one.is_recorded for one in offers),
        "gpus": gpus,
        "provider_figures": shown,
        "shown_offers": {slug: len(found) for slug, found in offers_by_gpu.items()},
        "all_offers": offers,
        "gpu_names": of[GpuNameRow],
        "listed_gpus": {slug: _listed(row, offers_by_gpu, figures, read)
                        for slug, row in gpus.items()},
        "listed_providers": {
            slug: ListedProviderRow(slug, row.gpus_n, row.offers_n) for slug, row in sorted(shown.items())
        },
        "sellers": {
            slug: sold_here
            for slug, found in floors_by_gpu.items()
            if gpus[slug].kind == "variant" and (sold_here := _sellers(found, offers_by_gpu[slug]))
        },
        "providers": dict(sorted(providers.items())),
        "terms_by_provider": _by(of[TermRow], "provider_slug"),
        "offers_by_gpu": offers_by_gpu,
        "offers_by_provider": _by(offers, "provider_slug"),
        "answers": _by(of[AnswerRow], "provider_slug"),
        "stats_by_gpu": _by(figures, "gpu_slug"),
        "floors_by_gpu": floors_by_gpu,
        "floors_by_provider": _by(floors, "provider_slug"),
        "features_by_gpu": _by([*of[FeatureFloorRow], *_spot(floors)], "gpu_slug"),
        "confirmed": {
            slug: ConfirmedRow(slug, max(one.last_confirmed_at for one in ranked))
            for slug, found in offers_by_gpu.items()
            if (ranked := [one for one in found if one.is_ranked])
        },
        "placed_by_gpu": _by(of[PlacedOfferRow], "gpu_slug"),
        "placed_by_provider": _by(of[PlacedOfferRow], "provider_slug"),
        "trends": _by(of[TrendRow], "gpu_slug"),
        "earlier_floors": {
            row.gpu_slug: EarlierFloorRow(row.gpu_slug, row.floor)
            for row in of[TrendRow]
            if row.day == DAY - timedelta(CHANGE_DAYS)
        },
        "reference_trends": _by(sorted(of[ReferenceRow], key=lambda row: (row.source_slug, row.day)), "gpu_slug"),
        "price_events": _by(of[PriceEventRow], "gpu_slug"),
        "watched_since": of[WatchedSinceRow],
        "histories": _by(of[PriceStepRow], "pair"),
        "crowded_pairs": [
            CrowdedPairRow(*pair)
            for pair, offers_n in sorted(Counter((one.provider_slug, one.gpu_slug) for one in offers).items())
            if offers_n > 20
        ],
        "price_spans": of[PriceSpanRow] or _spans(of[PriceStepRow]),
        "seller_days": _by(sorted(of[SellerDayRow], key=lambda row: (row.pricing_type, row.day)), "gpu_slug"),
        "incomplete_readings": _by(of[IncompleteReadingRow], "gpu_slug"),
        "reference_sources": {
            slug: ReferenceSourceRow(slug, slug.title(), f"https://{slug}.example", "CC BY 4.0", f"By {slug}")
            for slug in ("readers", *{row.source_slug for row in of[ReferenceRow]})
        },
        "source_status": {row.slug: row for row in of[SourceStatusRow]},
        "readings_left_out": of[ReadingsLeftOutRow],
        "moves": of[MoveRow],
        "availability_by_gpu": _by(of[AvailabilityRow], "gpu_slug"),
        "availability_by_provider": _by(of[AvailabilityRow], "provider_slug"),
        "held_back": of[HeldBackRow],
        "held_back_by_gpu": _by([row for row in of[HeldBackRow] if row.gpu_slug], "gpu_slug"),
        "held_back_by_provider": _by(of[HeldBackRow], "provider_slug"),
        "disagreements": of[DisagreementRow],
        "disagreements_by_gpu": _by(of[DisagreementRow], "gpu_slug"),
        "disagreements_by_provider": _by(of[DisagreementRow], "provider_slug"),
        "scheduled_by_gpu": _by(of[ScheduledPriceRow], "gpu_slug"),
        "scheduled_by_provider": _by(of[ScheduledPriceRow], "provider_slug"),
        "sold_by_gpu": _by(of[SoldWithoutPriceRow], "gpu_slug"),
        "sold_by_provider": _by(of[SoldWithoutPriceRow], "provider_slug"),
        "prose": {row.slug: row for row in of[Prose]},
        "guides": {one.slug: one for one in of[Guide]},
        "workloads": {one.slug: one for one in of[Workload]},
        "methodology_source": "How it is done.",
        "methodology_versions": versions_of([MethodologyVersion(1, DAY, "How it is done.")]),
    }  # fmt: skip
    return Catalogue(**known | others)


def _spans(steps: list[PriceStepRow]) -> list[PriceSpanRow]:
    """As `cloudgpus.settle_price_spans` has it, of offers with one pricing type."""
    found = []
    for pair, rows in sorted(_by(steps, "pair").items()):
        prices = {(row.on_demand, row.spot) for row in rows}
        found.append(PriceSpanRow(*pair.split("/"), min(row.valid_from.date() for row in rows), len(prices) > 1))
    return found


def _spot(floors: list[FloorRow]) -> list[FeatureFloorRow]:
    spot = [row for row in floors if row.pricing_type == "spot"]
    return [FeatureFloorRow(row.gpu_slug, "spot", row.provider_slug, row.floor) for row in spot]


def _slugs(rows: list[Any]) -> set[str]:
    return {row.gpu_slug for row in rows}


def _provider_figures(providers: dict[str, ProviderRow], offers: list[OfferRow]) -> dict[str, ProviderFiguresRow]:
    by_provider = _by(offers, "provider_slug")
    return {slug: _shown(slug, by_provider.get(slug, [])) for slug in providers}


def _shown(slug: str, offers: list[OfferRow]) -> ProviderFiguresRow:
    """As `cloudgpus.settle_provider_figures` has it."""
    places = {place for one in offers for place in (one.region, *one.available_regions) if place}
    reserved = ("price_per_hour_reserved_1y", "price_per_hour_reserved_3y", "price_per_month")
    return ProviderFiguresRow(
        slug,
        offers_n=len(offers),
        gpus_n=len({one.gpu_slug for one in offers}),
        fresh_gpus_n=len({one.gpu_slug for one in offers if one.freshness == "fresh"}),
        regions_n=len(places),
        has_spot=any(one.price_per_hour_spot for one in offers),
        has_reserved=any(getattr(one, column) for one in offers for column in reserved),
        has_infiniband=False,
    )


def _listed(row: GpuRow, offers: dict[str, list[OfferRow]], figures: list[StatsRow], read: set[str]) -> ListedGpuRow:
    market = [one for one in figures if (one.gpu_slug, one.pricing_type, one.segment) == (row.slug, "on_demand", "")]
    spot = [one for one in figures if (one.gpu_slug, one.pricing_type, one.segment) == (row.slug, "spot", "")]
    own = {name: getattr(row, name) for name in ListedGpuRow._fields if hasattr(row, name)}
    return ListedGpuRow(
        **own,
        offers_n=len(offers.get(row.slug, [])),
        providers_n=market[0].providers_n if market else 0,
        spot_providers_n=spot[0].providers_n if spot else 0,
        floor=market[0].floor if market else None,
        median=market[0].median if market else None,
        is_known=row.slug in offers or row.slug in read,
        has_index_days=row.slug in read,
    )


def _by(rows: list[Any], column: str) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = {}
    for row in rows:
        groups.setdefault(getattr(row, column), []).append(row)
    return groups


def _sellers(floors: list[FloorRow], offers: list[OfferRow]) -> dict[str, Sold]:
    places: Counter[str] = Counter()
    for one in offers:
        if one.ranks_as("on_demand") and one.price_per_gpu_hour:
            places[one.provider_slug] += max(len(one.available_regions), 1)
    on_demand = (row for row in floors if row.pricing_type == "on_demand")
    return {row.provider_slug: Sold(" ".join(map(str, row.gpu_counts)), places[row.provider_slug]) for row in on_demand}


def _floors(offers: list[OfferRow]) -> list[FloorRow]:
    least: dict[tuple[str, str, str], dict[int, Decimal]] = {}
    for one in offers:
        for kind, column in COLUMNS.items():
            if one.ranks_as(kind) and (price := getattr(one, column)) is not None:
                counts = least.setdefault((one.gpu_slug, one.provider_slug, kind), {})
                count = one.gpu_count if one.size_stated else 0
                counts[count] = min(price, counts.get(count, price))
    return [
        FloorRow(*key, min(counts.values()), sorted(counts), [counts[count] for count in sorted(counts)])
        for key, counts in sorted(least.items())
    ]


def _stats(slug: str, kind: str, segment: str, floors: list[FloorRow], offers: list[OfferRow], providers: Any) -> Any:
    of = {one.provider_slug for one in offers if segment in ("", _segment(providers[one.provider_slug]))}
    known = [row for row in floors if (row.gpu_slug, row.pricing_type) == (slug, kind) and row.provider_slug in of]
    votes = sorted((row.floor, row.provider_slug) for row in known)
    if not votes:
        return None
    prices = [price for price, _ in votes]
    p25, _, p75 = quantiles(prices, n=4, method="inclusive") if len(prices) > 1 else prices * 3
    ranked = [one for one in offers if one.gpu_slug == slug and one.ranks_as(kind) and getattr(one, COLUMNS[kind])]
    ranked = [one for one in ranked if one.provider_slug in of]
    figures = (prices[0], p25, median(prices), p75, prices[-1])
    return StatsRow(slug, kind, segment, len(votes), len(ranked), *figures, votes[0][1])


def _segment(row: ProviderRow) -> str:
    """As `cloudgpus.segment_of` has it."""
    if row.provider_type == "hyperscaler":
        return "hyperscaler"
    return "marketplace" if row.provider_type in ("marketplace", "depin") else "cloud"
