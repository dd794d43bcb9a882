"""The price changes of a GPU or a provider that we observed ourselves, as feeds: files without a page of their own.

Each GPU and provider with a page has them, also before its first change: a feed without entries is valid (RFC 4287,
4.1.1; JSON Feed 1.1), and whoever subscribes then hears of that change.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator import urls
from generator.catalogue.catalogue import Catalogue, midnight
from generator.catalogue.slices import SliceReader
from generator.catalogue.views.gpus import chip_slugs, gpu_link, gpu_slugs
from generator.catalogue.views.price_events import month_of, newest_events_of, watched_since
from generator.catalogue.views.providers import provider_link, provider_slugs
from generator.catalogue.views.trends import end_of_day
from generator.formats import percent, plural
from generator.labels import PRICING
from generator.model.feed import Entry, Feed
from generator.model.jsonld import JsonLd
from generator.model.page import Page
from generator.model.price_events import PriceEvent
from generator.pages.registry import Key, PageType, Rule
from generator.prose import change_sentences


@dataclass(frozen=True, slots=True)
class PriceChangeFeed:
    """What the files say."""

    feed: Feed


def keys(catalogue: Catalogue) -> Iterator[Key]:
    """The GPUs and providers that have a page."""
    yield from (("gpu", slug) for slug in (*gpu_slugs(catalogue), *chip_slugs(catalogue)))
    yield from (("provider", slug) for slug in provider_slugs(catalogue))


def path(kind: str, slug: str) -> str:
    """/changes/gpu/h100-sxm/."""
    return urls.changes_of(urls.page(kind, slug))


def page(read: SliceReader, ld: JsonLd, kind: str, slug: str) -> Page:
    """The files of a GPU or a provider."""
    subject = read(gpu_link if kind == "gpu" else provider_link, slug)
    events, own = read(newest_events_of, kind, slug), path(kind, slug)
    feed = feed_of(read, ld, subject.text if subject else slug, (urls.page(kind, slug), own), events)
    return Page(
        path=own,
        title=feed.title,
        description=feed.title,
        heading=feed.title,
        body=PriceChangeFeed(feed),
        newest=max((event.at for event in events), default=None),
    )


def feed_of(read: SliceReader, ld: JsonLd, subject: str, paths: tuple[str, str], events: Sequence[PriceEvent]) -> Feed:
    """The feed of these changes; `paths` are those of the page that shows the subject, and of the feed's folder.

    Without a change, it is of the day since when anybody looks.
    """
    since = read(watched_since)
    page_url, folder_url = map(ld.url, paths)
    entries = tuple(_entry(ld, event) for event in events)
    return Feed(
        title=f"{subject} price changes, {ld.site.name}",
        author=ld.site.organisation,
        url=page_url,
        folder_url=folder_url,
        updated=max((entry.updated for entry in entries), default=None) or midnight(since or read(end_of_day)),
        entries=entries,
    )


def _entry(ld: JsonLd, event: PriceEvent) -> Entry:
    where = f" ({event.regions})" if event.regions else ""
    what = f"{PRICING[event.pricing_type].lower()}, {plural(event.gpu_count, 'GPU')}"
    moved = f"{event.old} to {event.new} ({percent(event.change)})"
    return Entry(
        id=f"urn:uuid:{event.id}",
        title=f"{'Retracted: ' if event.retracted_on else ''}{event.gpu.text} at {event.provider.text}: {moved}",
        summary=f"{event.instance_type}{where}, {what}: {event.old} became {event.new} per GPU-hour. "
        f"The old price had been seen for {event.stood}.{change_sentences.retracted(event)}",
        url=f"{ld.url(urls.changes(month_of(event.at)))}#c-{event.id}",
        updated=midnight(event.retracted_on) if event.retracted_on else event.at,
    )


PAGE_TYPE = PageType(
    "price_change_feed",
    PriceChangeFeed,
    keys,
    path,
    page,
    (Rule("for_programs", "to be a page that people read", lambda *_: False),),
    formats=("feed", "json_feed"),
    needs="a feed of price changes needs a GPU or a provider with a page",
)
