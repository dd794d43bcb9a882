"""Price changes that we observed ourselves, by month."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import NAMESPACE_URL, uuid5

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.list_rows import PriceEventRow
from generator.catalogue.slices import aggregate, view
from generator.catalogue.views.gpus import gpu_link
from generator.catalogue.views.providers import provider_link
from generator.charts.events import Event
from generator.formats import change, long_month, plural, price, some
from generator.model.blocks import Link
from generator.model.price_events import MonthOfEvents, PriceEvent

LISTED = 100  # in a feed, and where the newest changes are shown


@aggregate
def event_months(catalogue: Catalogue) -> tuple[MonthOfEvents, ...]:
    """The months with observed price changes, the newest first."""
    counts = Counter[str]()
    for row, _ in _listed(catalogue):
        counts[month_of(row.changed_at)] += row.retracted_on is None
    return tuple(
        MonthOfEvents(month, Link(long_month(month), urls.changes(month), plural(n, "change")), n)
        for month, n in sorted(counts.items(), reverse=True)
    )


@aggregate
def month_events(catalogue: Catalogue, month: str) -> tuple[PriceEvent, ...]:
    """The observed price changes of a month, the newest first."""
    rows = [(row, provider) for row, provider in _listed(catalogue) if month_of(row.changed_at) == month]
    return tuple(_event(catalogue, row, provider) for row, provider in rows)


@aggregate
def newest_events_of(catalogue: Catalogue, kind: str, slug: str) -> tuple[PriceEvent, ...]:
    """The newest observed price changes of a GPU or a provider, the newest first; `kind` says which of the two."""
    rows = _by_subject(catalogue).get((kind, slug), ())
    return tuple(_event(catalogue, row, provider) for row, provider in rows[:LISTED])


@aggregate
def market_events(catalogue: Catalogue, slug: str) -> tuple[Event, ...]:
    """The on-demand price changes of a GPU for its charts: the largest of each provider and day, in order."""
    rows = [row for row in catalogue.price_events.get(slug, ()) if row.pricing_type == "on_demand"]
    found = dict[tuple[str, date], Event]()
    for row in sorted((row for row in rows if row.retracted_on is None), key=_newest_first):
        if provider := provider_link(catalogue, row.provider_slug):
            event, key = _marked(row, provider.text), (row.provider_slug, row.changed_at.date())
            found[key] = max(event, found.get(key, event), key=lambda one: one.size)
    return tuple(sorted(found.values()))


def _marked(row: PriceEventRow, provider: str) -> Event:
    old, new = (price(amount, row.currency) for amount in (row.old_price, row.new_price))
    words = f"{provider}: {new}, {change(row.old_price, row.new_price)} from {old}"
    return Event(row.changed_at, words, row.new_price / row.old_price)


@aggregate
def watched_since(catalogue: Catalogue) -> date | None:
    """Since when prices are read live."""
    return next((row.first_day for row in catalogue.watched_since.values()), None)


def month_of(moment: datetime) -> str:
    """The UTC month: "2026-08"."""
    return f"{moment:%Y-%m}"


@view
def _by_subject(catalogue: Catalogue) -> Mapping[tuple[str, str], Sequence[tuple[PriceEventRow, Link]]]:
    """The observed price changes by kind and slug of GPU and of provider, the newest first."""
    found = defaultdict[tuple[str, str], list[tuple[PriceEventRow, Link]]](list)
    for row, provider in _listed(catalogue):
        found["gpu", row.gpu_slug].append((row, provider))
        found["provider", row.provider_slug].append((row, provider))
    return found


@aggregate
def _listed(catalogue: Catalogue) -> tuple[tuple[PriceEventRow, Link], ...]:
    """All observed price changes of providers that are listed."""
    slugs = list(catalogue.listed_gpus)
    catalogue.read_ahead(slugs, "price_events")
    rows = [row for slug in slugs for row in catalogue.price_events.get(slug, ())]
    listed = ((row, provider_link(catalogue, row.provider_slug)) for row in sorted(rows, key=_newest_first))
    return tuple((row, provider) for row, provider in listed if provider)


def _newest_first(row: PriceEventRow) -> tuple[object, ...]:
    return -row.changed_at.timestamp(), row.provider_slug, row.gpu_slug, *_key(row)


def _event(catalogue: Catalogue, row: PriceEventRow, provider: Link) -> PriceEvent:
    return PriceEvent(
        id=str(uuid5(NAMESPACE_URL, "/".join(_key(row)))),
        gpu=gpu_link(catalogue, row.gpu_slug),
        provider=provider,
        instance_type=row.instance_type,
        regions=some(filter(None, row.regions), at_most=2),
        pricing_type=row.pricing_type,
        gpu_count=row.gpu_count,
        old=price(row.old_price, row.currency),
        new=price(row.new_price, row.currency),
        change=round(row.new_price / row.old_price - 1, 4),
        at=row.changed_at,
        stood=_span(row),
        old_url=urls.outgoing(row.old_source_url),
        new_url=urls.outgoing(row.new_source_url),
        retracted_on=row.retracted_on,
    )


def _key(row: PriceEventRow) -> Sequence[str]:
    """What makes it this change and no other, whatever is renamed later."""
    what = (row.provider_slug, row.gpu_slug, row.instance_type, row.pricing_type, str(row.gpu_count), row.currency)
    return *what, f"{row.old_price:f}", f"{row.new_price:f}", f"{row.changed_at.timestamp():.0f}"


def _span(row: PriceEventRow) -> str:
    days = (row.changed_at - row.old_since).days
    return plural(days, "day") if days else "less than a day"
