"""GPUs by one hard constraint: memory, price band, or a feature."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.slices import SliceReader
from generator.catalogue.views.cheapest import cheapest_links
from generator.catalogue.views.gpu_sets import (
    FEWEST_GPUS,
    MEMORY,
    PRICE,
    beside,
    gpu_sets,
    most_alike,
    set_lines,
    set_link,
    set_providers_n,
    set_words,
)
from generator.catalogue.views.gpus import MOST_LISTED, gpu_row, last_read_of
from generator.formats import money, plural, rounded
from generator.model.blocks import Link, Part, first
from generator.model.jsonld import JsonLd
from generator.model.lists import SetLine
from generator.model.memory import ModelMemory, model_memory
from generator.model.page import Crumb, Page
from generator.pages import cards
from generator.pages.registry import Key, PageType, Rule
from generator.prose import clauses, list_sentences

_ENOUGH_GPUS, _ENOUGH_PROVIDERS = 3, 4
_MOST_ALIKE = Decimal("0.6")
_KIN = {MEMORY: "Less memory, more memory", PRICE: "A step down and up in price"}


@dataclass(frozen=True, slots=True)
class GpuSet:
    """What the page shows; `kin` are links to the lists beside it.  What fits is shown for a list by memory."""

    words: str
    is_spot: bool
    lines: Part[SetLine]
    fits: ModelMemory | None
    kin_title: str
    kin: tuple[Link, ...]
    cheapest: tuple[Link, ...]


def keys(catalogue: Catalogue) -> Iterator[Key]:
    """A page for each amount of memory, band and feature that two GPUs have."""
    return iter(gpu_sets(catalogue))


def path(kind: str, value: str) -> str:
    """/gpu/vram/80gb/."""
    return urls.gpu_set(kind, value)


def page(read: SliceReader, ld: JsonLd, kind: str, value: str) -> Page:
    """The list of one constraint."""
    lines, words = read(set_lines, kind, value), set_words(kind, value)
    body, own = _body(read, kind, value, lines), path(kind, value)
    sellers = read(set_providers_n, kind, value)
    return Page(
        path=own,
        title=_title(kind, value),
        description=_description(words, lines, sellers),
        heading=f"Cloud GPUs {words}",
        body=body,
        crumbs=(Crumb("Home", urls.HOME), Crumb("GPUs", urls.GPU_INDEX), Crumb(_short(words), "")),
        words={"answer": list_sentences.gpu_set(words, lines, sellers, is_spot=body.is_spot)},
        graph=(
            ld.item_list(
                own, f"Cloud GPUs {words}", [(line.gpu.name, line.gpu.path) for line in body.lines], len(lines)
            ),
        ),
        newest=read(last_read_of, *(line.gpu.slug for line in body.lines)),
        card=cards.of_set(lines),
        related_gpu_ids=tuple(read(gpu_row, line.gpu.slug).id for line in body.lines),
    )


def _body(read: SliceReader, kind: str, value: str, lines: tuple[SetLine, ...]) -> GpuSet:
    kin = tuple(read(set_link, *other) for other in read(beside, kind, value))
    return GpuSet(
        words=set_words(kind, value),
        is_spot=value == "spot",
        lines=first(lines, MOST_LISTED, "GPU", "the cheapest"),
        fits=model_memory(int(value.removesuffix("gb"))) if kind == MEMORY else None,
        kin_title=_KIN.get(kind, "Other features"),
        kin=kin,
        cheapest=tuple(link for line in lines[:8] for link in read(cheapest_links, line.gpu.slug)[:1]),
    )


def _short(words: str) -> str:
    return words[:1].upper() + words[1:]


def _title(kind: str, value: str) -> str:
    if kind == MEMORY:
        return f"Cloud GPUs with {value.removesuffix('gb')} GB VRAM: Prices"
    if value == "spot":
        return "Cloud GPUs with Spot Prices"
    return f"Cloud GPUs {set_words(kind, value).replace('per hour', 'per Hour')}: Prices"


def _description(words: str, lines: tuple[SetLine, ...], sellers: int) -> str:
    cheapest = lines[0]
    return clauses.description(
        (
            f"{plural(len(lines), 'cloud GPU')} {words} at {plural(sellers, 'provider')}:",
            f"{cheapest.gpu.short_name} from {money(cheapest.floor)}/GPU-hour at {cheapest.provider.text}.",
            "Lowest and median price of each, memory and speed.",
        )
    )


def _has_gpus(read: SliceReader, kind: str, value: str) -> bool:
    return len(read(set_lines, kind, value)) >= _ENOUGH_GPUS


def _has_providers(read: SliceReader, kind: str, value: str) -> bool:
    return read(set_providers_n, kind, value) >= _ENOUGH_PROVIDERS


def _differs(read: SliceReader, kind: str, value: str) -> bool:
    return read(most_alike, kind, value) <= _MOST_ALIKE


PAGE_TYPE = PageType(
    "gpu_set",
    GpuSet,
    keys,
    path,
    page,
    (
        Rule("few_variants", f"{_ENOUGH_GPUS} GPUs with a ranked price", _has_gpus),
        Rule("few_providers", f"{_ENOUGH_PROVIDERS} providers with a ranked price", _has_providers),
        Rule("near_copy", f"{rounded((1 - _MOST_ALIKE) * 100, 0)}% other GPUs than the lists beside it", _differs),
    ),
    needs=f"a list of GPUs needs {FEWEST_GPUS} of them with a ranked price",
)
