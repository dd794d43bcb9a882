"""The price changes that we observed ourselves in a month."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.slices import SliceReader
from generator.catalogue.views.price_events import event_months, month_events
from generator.formats import long_month, part_of, percent, plural
from generator.model.blocks import Link
from generator.model.jsonld import JsonLd
from generator.model.page import Crumb, Page
from generator.model.price_events import PriceEvent, standing
from generator.pages.price_changes import ENOUGH, fitting
from generator.pages.registry import Key, PageType, Rule
from generator.prose import change_sentences, clauses


@dataclass(frozen=True, slots=True)
class PriceChangesMonth:
    """The changes, the newest first, and the other months; `counted` says how many there are and which are shown."""

    events: tuple[PriceEvent, ...]
    counted: str
    others: tuple[Link, ...]


def keys(catalogue: Catalogue) -> Iterator[Key]:
    """The months with changes."""
    return ((one.month,) for one in event_months(catalogue))


def path(month: str) -> str:
    """/changes/2026-08/."""
    return urls.changes(month)


def page(read: SliceReader, _: JsonLd, month: str) -> Page:
    """The changes of one month."""
    events, name = read(month_events, month), long_month(month)
    shown, own = fitting(events), path(month)
    return Page(
        path=own,
        title=f"GPU Cloud Price Changes: {name}",
        description=_description(standing(events), name),
        heading=f"GPU cloud price changes in {name}",
        body=PriceChangesMonth(
            events=shown,
            counted=part_of(len(shown), len(events), "change", "the newest"),
            others=tuple(one.link for one in read(event_months) if one.month != month),
        ),
        crumbs=(Crumb("Home", urls.HOME), Crumb("Price changes", urls.CHANGES), Crumb(name, "")),
        words={"answer": change_sentences.month_answer(standing(events), name)},
        newest=events[0].at,
    )


def _description(events: Sequence[PriceEvent], name: str) -> str:
    most = max(events, key=lambda event: abs(event.change), default=None)
    return clauses.description(
        (
            f"{plural(len(events), 'price change')} of cloud GPUs in {name}:",
            "both prices, how long the old one stood, and where each was read.",
            f"Largest: {most.gpu.text} at {most.provider.text} {percent(most.change)}." if most else "",
        )
    )


def _has_enough(read: SliceReader, month: str) -> bool:
    return len(standing(read(month_events, month))) >= ENOUGH


PAGE_TYPE = PageType(
    "price_changes_month",
    PriceChangesMonth,
    keys,
    path,
    page,
    (Rule("few_changes", "five price changes of our own observation in that month", _has_enough),),
    needs="a month of price changes needs one that was observed",
)
