"""All providers by kind, with their prices against the market and their terms."""

from collections.abc import Iterator
from dataclasses import dataclass

from generator import urls
from generator.catalogue.slices import SliceReader
from generator.catalogue.views.market import counts
from generator.catalogue.views.providers import provider_lines
from generator.formats import plural
from generator.labels import PROVIDER_TYPES
from generator.model.blocks import Part, ProviderLine, first_and_rest
from generator.model.jsonld import JsonLd
from generator.model.page import Crumb, Page
from generator.pages.registry import TWINNED, PageType, single
from generator.prose import clauses

_IN_A_TABLE = 40  # the others of a kind are links below it
_NOTES = {
    "hyperscaler": "All the other cloud services alongside the GPUs; a GPU-hour usually costs more.",
    "specialized_neocloud": "Built for GPUs: newer cards, fast networks, fewer other services.",
    "regional_cloud": "Machines, storage and databases for general use, GPUs included.",
    "bare_metal": "Whole machines without a hypervisor.",
    "marketplace": "Many hosts under one roof: prices and quality differ from host to host.",
    "depin": "Machines of many owners: check uptime and interruptions before long jobs.",
}


@dataclass(frozen=True, slots=True)
class ProviderGroup:
    """Providers of one kind."""

    anchor: str
    title: str
    note: str
    lines: Part[ProviderLine]


@dataclass(frozen=True, slots=True)
class ProviderIndex:
    """What the index shows."""

    groups: tuple[ProviderGroup, ...]
    unchecked: tuple[ProviderLine, ...]


def path() -> str:
    """/provider/."""
    return urls.PROVIDER_INDEX


def page(read: SliceReader, ld: JsonLd) -> Page:
    """The index."""
    lines = read(provider_lines)
    priced_n = read(counts)["providers"]
    priced = [line for line in lines if line.offers_n]
    body = ProviderIndex(tuple(_groups(priced)), tuple(line for line in lines if not line.offers_n))
    shown = [line for group in body.groups for line in (*group.lines, *group.lines.rest)]
    return Page(
        path=path(),
        title="GPU Cloud Providers Compared: Prices and Terms",
        description=f"{plural(priced_n, 'GPU cloud provider')} side by side: GPUs, prices against other "
        "sellers, billing step, egress, storage, spot, regions and the date of the last check.",
        heading="GPU cloud providers compared",
        body=body,
        crumbs=(Crumb("Home", urls.HOME), Crumb("Providers", "")),
        words={
            "answer": f"{plural(priced_n, 'provider')} with prices, {len(body.unchecked)} without.\n\n"
            "“Against others” compares a provider's on-demand prices with the other sellers' median, for the same GPUs "
            "in machines of the same size: minus means cheaper. A dash means that a figure or term is missing here."
            + clauses.only_listed(len(priced), priced_n, "with the most GPUs")
        },
        graph=(ld.item_list(path(), "GPU cloud providers", [(line.name, line.path) for line in shown]),),
        newest=max((line.confirmed_at for line in shown if line.confirmed_at), default=None),
    )


def _groups(lines: list[ProviderLine]) -> Iterator[ProviderGroup]:
    for code, kind in PROVIDER_TYPES.items():
        members = tuple(line for line in lines if line.provider_type == code)
        if members:
            listed = first_and_rest(members, _IN_A_TABLE, "provider", "those with the most GPUs")
            yield ProviderGroup(kind.lower().replace(" ", "-"), _plural(kind), _NOTES[code], listed)


def _plural(kind: str) -> str:
    return kind if kind == "Bare metal" else kind + "s"


PAGE_TYPE = PageType("provider_index", ProviderIndex, single, path, page, formats=(*TWINNED, "json"))
