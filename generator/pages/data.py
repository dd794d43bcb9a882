"""The data: all current offers as files to download, what they hold, and how to cite them."""

from collections.abc import Iterator
from dataclasses import dataclass

from generator import urls
from generator.catalogue.slices import SliceReader
from generator.catalogue.views.downloads import downloads
from generator.catalogue.views.market import counts
from generator.formats import day, plural
from generator.model.blocks import Link
from generator.model.downloads import Downloads
from generator.model.jsonld import JsonLd
from generator.model.page import Crumb, Page
from generator.pages.registry import TWINNED, PageType, Rule, single
from generator.prose import citations, clauses
from generator.prose.citations import Citation

_COLUMNS = (
    (("gpu", "provider"), "slugs, as in the addresses of their pages"),
    (("instance_type", "instance_name"), "what the provider calls the machine"),
    (("region", "regions"), "the provider’s own codes: one, or all that share the price; empty where none is stated"),
    (("gpu_count",), "GPUs in the machine, below 1 for a share of one; empty where its size is not stated"),
    (("price_per_hour",), "the whole machine on demand, US dollars"),
    (
        ("on_demand", "spot", "monthly", "reserved_1y", "reserved_3y"),
        "US dollars per GPU-hour; empty where not sold so",
    ),
    (
        ("currency", "original_price_per_hour"),
        "what the provider charges for the machine, where that is not US dollars",
    ),
    (("price_basis",), "complete, gpu_only (the host is billed separately), or bundle (a platform with its software)"),
    (("ranked_as",), "the pricing types in which the offer counts in lowest prices and medians"),
    (("disputed_as",), "those whose price was not found again at its source; they do not count"),
    (
        ("ends",),
        "until when a price holds, by pricing type, where that is stated: on_demand=2026-11-30T00:00:00Z",
    ),
    (("upstream",), "the cloud on which a reseller’s offer runs"),
    (("availability",), "as stated; empty where it is not"),
    (
        ("confirmed_on", "freshness"),
        "the day on which the price was last read; aging: not confirmed in time, not ranked",
    ),
    (("is_recorded", "evidence"), "whether the price is from a recorded list, and where it was read"),
)


@dataclass(frozen=True, slots=True)
class Data:
    """The files, what their columns hold, what else programs can read, and the citation; None without any offer."""

    downloads: Downloads
    columns: tuple[tuple[tuple[str, ...], str], ...]
    others: tuple[Link, ...]
    citation: Citation | None


def path() -> str:
    """/data/."""
    return urls.DATA


def page(read: SliceReader, ld: JsonLd) -> Page:
    """The page."""
    held = read(downloads)
    body = Data(held, _COLUMNS, tuple(_others()), _citation(ld, held))
    said = " ".join(_said(held, read(counts)["gpus"]))
    return Page(
        path=path(),
        title=clauses.title("Cloud GPU Prices as Data: CSV, SQLite, JSON", "Cloud GPU Prices as Data"),
        description=clauses.description((f"{_offers(held)} to download as CSV, SQLite and JSON,", *_DESCRIBED)),
        heading="Cloud GPU prices as data",
        body=body,
        crumbs=(Crumb("Home", urls.HOME), Crumb("Data", "")),
        words={"answer": said},
        graph=(ld.downloads(path(), said, held),),
    )


_DESCRIBED = ("free of charge, with checksums,", "the licence, what each column holds,", "and how to cite them.")


def _offers(held: Downloads) -> str:
    return f"{plural(held.offers_n, 'current offer')} of cloud GPUs"


def _said(held: Downloads, gpus_n: int) -> Iterator[str]:
    yield f"{_offers(held)}, region by region, can be downloaded as CSV or SQLite: {plural(gpus_n, 'GPU')} at "
    yield f"{plural(len(held.providers), 'provider')}, each price in US dollars before tax, with where it was read."
    if held.since and held.until:
        yield f"They were last read from {day(held.since)} to {day(held.until)}."


def _citation(ld: JsonLd, held: Downloads) -> Citation | None:
    return citations.of_offers(ld.site, held.until, path(), plural(held.offers_n, "offer")) if held.until else None


def _others() -> Iterator[Link]:
    yield Link("GPUs", urls.json_twin(urls.GPU_INDEX), "JSON; each GPU with all its offers: /api/v1/gpu/<gpu>.json")
    yield Link(
        "Providers",
        urls.json_twin(urls.PROVIDER_INDEX),
        "JSON; each with all its offers: /api/v1/provider/<provider>.json",
    )
    yield Link("Offers", urls.json_twin(urls.DATA), "JSON: which file has which provider’s")
    yield Link("Identifiers", urls.IDENTIFIERS, "which GPU a raw name or a machine type means; also as JSON")
    yield Link("Terms", urls.json_twin(urls.CALCULATOR), "JSON: what providers charge beside the hourly price")
    yield Link("Price changes", urls.json_twin(urls.CHANGES), "JSON: what we saw change")
    yield Link(
        "Price changes as a feed",
        urls.feed(urls.CHANGES),
        "Atom, and JSON as feed.json; of one GPU or provider: /changes/gpu/<gpu>/feed.xml, "
        "/changes/provider/<provider>/feed.xml",
    )
    yield Link("Status of each source", urls.json_twin(urls.STATUS), "JSON: when it was last read, with what result")
    yield Link("What an offer is", urls.json_schema("provider"), "JSON Schema; each file names its own")
    yield Link("Confirmations", urls.FRESHNESS, "JSON: when each provider’s prices were last confirmed")
    yield Link("Exchange rates", urls.RATES, "JSON: what a US dollar is in other currencies, by the ECB’s newest rates")


PAGE_TYPE = PageType(
    "data",
    Data,
    single,
    path,
    page,
    (Rule("no_offers", "an offer", lambda read: read(downloads).offers_n > 0),),
    formats=(*TWINNED, "json", "csv", "sqlite", "checksums"),
)
