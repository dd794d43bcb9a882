"""Which GPU a raw name or a provider's machine type means, for programs, and how that is found out."""

from dataclasses import dataclass
from typing import NamedTuple

from generator import urls
from generator.catalogue.slices import SliceReader
from generator.catalogue.views.gpus import gpu_link
from generator.catalogue.views.identifiers import gpu_names, instance_types
from generator.catalogue.views.offers import seller_of
from generator.formats import part_of, plural
from generator.model.blocks import Link, Part
from generator.model.identifiers import GpuName, InstanceType
from generator.model.jsonld import JsonLd
from generator.model.page import Crumb, Page
from generator.pages.registry import TWINNED, PageType, Rule, single

_SHOWN = 12


class ShownName(NamedTuple):
    """A spelling with its GPU's page."""

    name: str
    memory: str
    gpu: Link


class ShownType(NamedTuple):
    """A machine type with its provider's and its GPU's page."""

    provider: Link
    name: str
    gpu: Link
    gpus: str


@dataclass(frozen=True, slots=True)
class Identifiers:
    """All names for the JSON, and those that the page shows."""

    gpu_names: tuple[GpuName, ...]
    instance_types: tuple[InstanceType, ...]
    some_names: Part[ShownName]
    some_types: Part[ShownType]


def path() -> str:
    """/identifiers/."""
    return urls.IDENTIFIERS


def page(read: SliceReader, _: JsonLd) -> Page:
    """The page."""
    names, types = read(gpu_names), read(instance_types)
    counted = f"{plural(len(names), 'spelling')} of GPU names and {plural(len(types), 'machine type')} of providers"
    return Page(
        path=path(),
        title="Which GPU a Name or Machine Type Means",
        description=f"{counted}, each with the GPU that it means, as JSON for programs.",
        heading="Which GPU a name means",
        body=Identifiers(
            names,
            types,
            _some_names(read, names),
            _some_types(read, types),
        ),
        crumbs=(Crumb("Home", urls.HOME), Crumb("Identifiers", "")),
        words={
            "answer": f"{counted} are known here, each with the GPU that it means. A name stays unknown until a person "
            "has looked at the vendor's own page; none goes to the nearest GPU. "
            f"[How names are read]({urls.METHODOLOGY})"
        },
    )


def _some_names(read: SliceReader, names: tuple[GpuName, ...]) -> Part[ShownName]:
    some = tuple(ShownName(one.name, _memory(one), read(gpu_link, one.gpu)) for one in names[:_SHOWN])
    return Part(some, part_of(len(some), len(names), "spelling", "the first by name"), len(some) < len(names))


def _some_types(read: SliceReader, types: tuple[InstanceType, ...]) -> Part[ShownType]:
    some = tuple(
        ShownType(read(seller_of, one.provider).link, one.name, read(gpu_link, one.gpu), str(one.gpu_count or ""))
        for one in types[:_SHOWN]
    )
    return Part(some, part_of(len(some), len(types), "machine type", "the first by provider"), len(some) < len(types))


def _memory(name: GpuName) -> str:
    return "" if name.memory_gb is None else f"{name.memory_gb:g} GB"


PAGE_TYPE = PageType(
    "identifiers",
    Identifiers,
    single,
    path,
    page,
    (Rule("for_programs", "to be more than a list for programs", lambda _: False),),
    formats=(*TWINNED, "json"),
)
