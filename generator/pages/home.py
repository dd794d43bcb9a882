"""The front page: find a GPU or a provider fast, and see why the figures can be trusted."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from generator import urls
from generator.catalogue.slices import SliceReader
from generator.catalogue.views.gpus import gpu_lines
from generator.catalogue.views.market import Move, counts, moves
from generator.catalogue.views.price_events import event_months
from generator.catalogue.views.prose import published_guides
from generator.catalogue.views.providers import provider_lines
from generator.catalogue.views.workloads import workload_links
from generator.formats import money, plural
from generator.model.blocks import GpuLine, Link, Part, ProviderLine, first
from generator.model.jsonld import JsonLd
from generator.model.page import Page
from generator.model.price_events import MonthOfEvents
from generator.pages.registry import PageType, single
from generator.prose import clauses

_WATCHED = 6
_MOVES = 8
_MONTHS = 3
_LISTED = 80


@dataclass(frozen=True, slots=True)
class Home:
    """What the front page shows."""

    answers: tuple[GpuLine, ...]
    gpus: Part[GpuLine]
    moves: tuple[Move, ...]
    months: tuple[MonthOfEvents, ...]
    providers: Part[ProviderLine]
    workloads: tuple[Link, ...]
    guides: tuple[Link, ...]
    providers_n: int
    gpus_n: int
    offers_n: int


def path() -> str:
    """/."""
    return urls.HOME


def page(read: SliceReader, ld: JsonLd) -> Page:
    """The front page."""
    body = _body(read)
    return Page(
        path=path(),
        title="Cloud GPU Prices Compared",
        description=_description(body),
        heading="Cloud GPU prices, compared and dated",
        body=body,
        words={
            "answer": f"{plural(body.offers_n, 'offer')} of {plural(body.gpus_n, 'GPU')} from "
            f"{plural(body.providers_n, 'provider')}, per GPU-hour before tax.\n\nEvery price says when it was "
            "read, and where."
        },
        graph=(
            ld.organization(),
            ld.website(),
            ld.item_list(path(), "Cloud GPUs", [(line.name, line.path) for line in body.gpus], body.gpus_n),
        ),
        newest=_newest(body),
    )


def _body(read: SliceReader) -> Home:
    offered = tuple(line for line in read(gpu_lines) if line.offers_n)
    providers = tuple(line for line in read(provider_lines) if line.offers_n)
    count = read(counts)
    return Home(
        answers=tuple(line for line in offered if line.floor)[:_WATCHED],
        gpus=first(offered, _LISTED, "GPU", "those with the most providers"),
        moves=read(moves)[:_MOVES],
        months=read(event_months)[:_MONTHS],
        providers=first(providers, _LISTED, "provider", "those with the most GPUs"),
        workloads=read(workload_links),
        guides=read(published_guides),
        providers_n=count["providers"],
        gpus_n=count["gpus"],
        offers_n=count["offers"],
    )


def _newest(body: Home) -> datetime | None:
    return max((line.confirmed_at for line in body.providers if line.confirmed_at), default=None)


def _description(body: Home) -> str:
    first: Decimal | None = body.answers[0].floor if body.answers else None
    return clauses.description(
        (
            f"{plural(body.providers_n, 'provider')}, {plural(body.gpus_n, 'GPU')}.",
            f"{body.answers[0].short_name} from {money(first)}/h on demand." if first else "",
            "Every price with its source and date.",
        )
    )


PAGE_TYPE = PageType("home", Home, single, path, page)
