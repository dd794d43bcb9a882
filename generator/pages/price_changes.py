"""The newest price changes that we observed ourselves; as an Atom feed, too."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby

from markupsafe import escape

from generator import urls
from generator.catalogue.slices import SliceReader
from generator.catalogue.views.price_events import LISTED, event_months, month_events, month_of, watched_since
from generator.formats import long_month, percent, plural
from generator.model.blocks import Link
from generator.model.feed import Feed
from generator.model.jsonld import JsonLd
from generator.model.page import Crumb, Page
from generator.model.price_events import PriceEvent, standing
from generator.pages.price_change_feed import feed_of
from generator.pages.registry import TWINNED, PageType, Rule, single
from generator.prose import change_sentences, clauses

_BYTES = 80_000  # of the lines of a page
_MARKUP_BYTES = 560  # of a line, without its own texts
ENOUGH = 5


@dataclass(frozen=True, slots=True)
class ShownMonth:
    """The changes of a month that are shown."""

    anchor: str
    title: str
    path: str
    events: tuple[PriceEvent, ...]


@dataclass(frozen=True, slots=True)
class PriceChanges:
    """The newest changes by month, links to all months, and what the feed says."""

    months: tuple[ShownMonth, ...]
    links: tuple[Link, ...]
    feed: Feed


def path() -> str:
    """/changes/."""
    return urls.CHANGES


def page(read: SliceReader, ld: JsonLd) -> Page:
    """The page."""
    shown, since, total = _newest(read), read(watched_since), _total(read)
    return Page(
        path=path(),
        title="GPU Cloud Price Changes",
        description=_description(standing(shown), total),
        heading="GPU cloud price changes",
        body=_body(read, ld, shown),
        crumbs=(Crumb("Home", urls.HOME), Crumb("Price changes", "")),
        words={"answer": change_sentences.answer(standing(shown), total, since)},
        newest=max((event.at for event in shown), default=None),
    )


def _newest(read: SliceReader) -> tuple[PriceEvent, ...]:
    shown: list[PriceEvent] = []
    for one in read(event_months):
        if len(shown) < LISTED:
            shown += read(month_events, one.month)
    return fitting(shown[:LISTED])


def fitting(events: Sequence[PriceEvent]) -> tuple[PriceEvent, ...]:
    """As many as fit on a page, whatever a provider calls its machines."""
    sizes = accumulate(_MARKUP_BYTES + len(escape("".join(map(str, _texts(event)))).encode()) for event in events)
    return tuple(event for event, size in zip(events, sizes, strict=True) if size <= _BYTES)


def _texts(event: PriceEvent) -> tuple[str, ...]:
    return *event.gpu, *event.provider, event.instance_type, event.regions, event.old_url or "", event.new_url or ""


def _total(read: SliceReader) -> int:
    return sum(one.events_n for one in read(event_months))


def _body(read: SliceReader, ld: JsonLd, shown: Sequence[PriceEvent]) -> PriceChanges:
    return PriceChanges(
        months=tuple(
            ShownMonth(f"m-{month}", long_month(month), urls.changes(month), tuple(events))
            for month, events in groupby(shown, lambda event: month_of(event.at))
        ),
        links=tuple(one.link for one in read(event_months)),
        feed=feed_of(read, ld, "GPU cloud", (path(), path()), shown),
    )


def _description(shown: Sequence[PriceEvent], total: int) -> str:
    newest = f"Newest: {shown[0].gpu.text} at {shown[0].provider.text} {percent(shown[0].change)}." if shown else ""
    return clauses.description(
        (
            f"{plural(total, 'price change')} of cloud GPUs that we read ourselves:"
            if total
            else "Price changes of cloud GPUs that we read ourselves:",
            "both prices, how long the old one stood, and where each was read.",
            newest,
        )
    )


PAGE_TYPE = PageType(
    "price_changes",
    PriceChanges,
    single,
    path,
    page,
    (Rule("few_changes", "five price changes of our own observation", lambda read: _total(read) >= ENOUGH),),
    formats=(*TWINNED, "json", "feed", "json_feed"),
)
