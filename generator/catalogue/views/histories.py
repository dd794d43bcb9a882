"""What each of a provider's offers of a GPU cost and when, step by step, and on which days it was in stock."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.list_rows import PriceStepRow
from generator.catalogue.slices import view
from generator.catalogue.views.offers import count_of
from generator.charts.series import Segment, Series
from generator.charts.strip import State, Stretch
from generator.formats import price
from generator.model.histories import Gap, OfferHistory, PricedLine, Prices, Step

STOCK_DAYS = 90
_DAY, _INSTANT = timedelta(days=1), timedelta(seconds=1)
_STOCK: Mapping[str, State] = {"available": "in", "limited": "in", "waitlist": "out", "sold_out": "out"}
_MOST_FIRST: tuple[State, ...] = ("in", "out", "listed", "absent")


@view
def offer_histories(catalogue: Catalogue, provider: str, gpu: str) -> tuple[OfferHistory, ...]:
    """Each offer's steps and gaps, by instance type and region; also of those that are no longer on sale."""
    rows = catalogue.histories.get(f"{provider}/{gpu}", [])
    return tuple(_history(list(own)) for _, own in groupby(rows, lambda row: row.offer_id))


@view
def priced_lines(catalogue: Catalogue, provider: str, gpu: str) -> tuple[PricedLine, ...]:
    """The prices of all offers on demand or spot, the newest first; none where each is known of one day alone."""
    offers = offer_histories(catalogue, provider, gpu)
    stretches = [(offer, stretch) for offer in offers for stretch in _stretches(offer.steps)]
    if len(stretches) == len(offers) and all(_is_of_one_day(stretch) for _, stretch in stretches):
        return ()
    lines = sorted((_line(offer, one) for offer, one in stretches if any(one.prices[:2])), key=_PLACE)
    return tuple(sorted(lines, key=_SINCE, reverse=True))


@view
def history_series(catalogue: Catalogue, provider: str, gpu: str, pricing_type: str) -> tuple[Series, ...]:
    """A line for each offer that was sold as this pricing type, US dollars per GPU-hour; the cheapest at last first."""
    found = []
    for offer in offer_histories(catalogue, provider, gpu):
        prices = [(one, getattr(one.prices, pricing_type)) for one in _stretches(offer.steps)]
        segments = [_segment(one, price) for one, price in prices if price is not None]
        if segments:
            label = " ".join(filter(None, (offer.instance_type, offer.region)))
            found.append(Series(label, "own", tuple(segments)))
    return tuple(sorted(found, key=lambda line: (line.segments[-1].value, line.label)))


def _segment(step: Step, price: Decimal) -> Segment:
    """A price in its time; one in force reaches into the day on which it was last read, of which that is the start."""
    end = step.known_until if step.valid_to else step.known_until + _INSTANT
    return Segment(step.valid_from, end, price, step.last_confirmed_at)


@view
def stock_stretches(catalogue: Catalogue, provider: str, gpu: str) -> tuple[Stretch, ...]:
    """In which state a GPU was at a provider on the last days known, by live answers: the best of all offers and hours.

    A GPU is not listed from an answer without any offer of it until the next one with it.
    """
    confirmed = catalogue.providers[provider].last_confirmed_at
    spans = [span for offer in offer_histories(catalogue, provider, gpu) for span in _states(offer, confirmed)]
    if not spans:
        return ()
    first = max(until for _, until, _ in spans).date() - (STOCK_DAYS - 1) * _DAY
    best = dict[date, State]()
    for since, until, state in sorted(spans, key=lambda span: _MOST_FIRST.index(span[2]), reverse=True):
        best.update((day, state) for day in _days(max(since.date(), first), until.date()))
    return tuple(_in_a_row(sorted(best.items())))


def _days(first: date, last: date) -> Iterator[date]:
    return (first + n * _DAY for n in range((last - first).days + 1))


def _states(offer: OfferHistory, confirmed: datetime | None) -> Iterator[tuple[datetime, datetime, State]]:
    """An offer's states, each from when until when; of one that is gone, until its provider was last read."""
    live = [step for step in offer.steps if not step.is_recorded]
    for step in live:
        yield step.valid_from, step.known_until, _STOCK.get(step.availability or "", "listed")
    for gap in offer.gaps if live else ():
        until = gap.until or confirmed
        if gap.reason == "not_offered" and until and until >= gap.since:
            yield gap.since, until, "absent"


def _in_a_row(days: Iterable[tuple[date, State]]) -> Iterator[Stretch]:
    """Days in order, those joined that follow on each other in one state."""
    before: Stretch | None = None
    for day, state in days:
        if before and (before.last + _DAY, before.state) == (day, state):
            before = replace(before, last=day)
            continue
        if before:
            yield before
        before = Stretch(day, day, state)
    if before:
        yield before


def _stretches(steps: Iterable[Step]) -> Iterator[Step]:
    """The steps, those joined that follow on each other at the same prices: another status ends no price."""
    before: Step | None = None
    for step in steps:
        if before and before.valid_to == step.valid_from and _price_of(before) == _price_of(step):
            before = before._replace(valid_to=step.valid_to, last_confirmed_at=step.last_confirmed_at)
            continue
        if before:
            yield before
        before = step
    if before:
        yield before


def _price_of(step: Step) -> tuple[object, ...]:
    return step.charged or step.prices, step.currency, step.gpu_count, step.is_recorded


def _is_of_one_day(step: Step) -> bool:
    return step.valid_from.date() == step.known_until.date()


def _line(offer: OfferHistory, step: Step) -> PricedLine:
    on_demand, spot, *_ = step.charged or step.prices
    return PricedLine(
        offer.instance_type,
        offer.region,
        "" if on_demand is None else price(on_demand, step.currency),
        "" if spot is None else price(spot, step.currency),
        step.valid_from,
        step.last_confirmed_at,
        step.valid_to,
        step.is_recorded,
        step.evidence_url,
    )


_PLACE, _SINCE = attrgetter("instance_type", "region"), attrgetter("since")


def _history(rows: Sequence[PriceStepRow]) -> OfferHistory:
    one = rows[0]
    steps = tuple(_step(row) for row in rows if row.is_active)
    return OfferHistory(one.instance_type, one.region, one.price_basis, steps, tuple(_gaps(rows)))


def _step(row: PriceStepRow) -> Step:
    charged = (row.charged_on_demand, row.charged_spot, row.charged_monthly)
    return Step(
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        last_confirmed_at=row.last_confirmed_at,
        gpu_count=count_of(row),
        availability=row.availability,
        prices=Prices(row.on_demand, row.spot, row.monthly, row.reserved_1y, row.reserved_3y),
        currency=row.currency,
        charged=None if row.currency == "USD" else Prices(*charged, row.charged_reserved_1y, row.charged_reserved_3y),
        is_recorded=row.is_recorded,
        evidence_url=urls.outgoing(row.evidence_url),
    )


def _gaps(rows: Iterable[PriceStepRow]) -> Iterator[Gap]:
    """The times between what is known of an offer; those in which an answer no longer had it begin with that answer."""
    known, gone = None, None
    for row in rows:
        if gone and row.is_active:
            yield Gap(gone, row.valid_from, "not_offered")
            gone = None
        elif known and known < row.valid_from and not gone:
            yield Gap(known, row.valid_from, "not_seen")
        if not row.is_active:
            gone = gone or (row.valid_from if known is None or row.valid_from >= known else None)
        else:
            known = max(known or row.valid_from, _step(row).known_until)
    if gone:
        yield Gap(gone, None, "not_offered")
