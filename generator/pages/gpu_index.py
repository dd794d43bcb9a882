"""All GPUs by group, with specs and rental prices."""

from collections.abc import Iterator
from dataclasses import dataclass

from generator import urls
from generator.catalogue.slices import SliceReader
from generator.catalogue.views.gpu_sets import set_links
from generator.catalogue.views.gpus import GROUPS, chip_slugs, gpu_lines, gpu_link, last_read_of, unoffered_lines
from generator.catalogue.views.market import counts
from generator.catalogue.views.workloads import workload_links
from generator.formats import plural
from generator.model.blocks import Figure, GpuLine, Link, Part, first_and_rest
from generator.model.jsonld import JsonLd
from generator.model.page import Crumb, Page
from generator.pages.figures import price_figures
from generator.pages.registry import TWINNED, PageType, single
from generator.prose import clauses

_IN_A_TABLE = 30  # the others of a group are links below it
_TITLES = {
    "datacenter": ("NVIDIA data-centre GPUs", "Modules and passively cooled cards for servers: SXM, PCIe and NVL."),
    "workstation": ("NVIDIA workstation GPUs", "Professional cards with more memory than gaming ones."),
    "consumer": ("NVIDIA GeForce GPUs", "Gaming cards, mostly on marketplaces."),
    "other": (
        "AMD, Intel and others",
        "Accelerators that use ROCm, SynapseAI or another software stack instead of CUDA.",
    ),
}


@dataclass(frozen=True, slots=True)
class GpuGroup:
    """GPUs of one class."""

    anchor: str
    title: str
    note: str
    lines: Part[GpuLine]


@dataclass(frozen=True, slots=True)
class GpuIndex:
    """What the index shows."""

    groups: tuple[GpuGroup, ...]
    prices: tuple[Figure, ...]
    chips: tuple[Link, ...]
    not_offered: tuple[GpuLine, ...]
    lists: tuple[Link, ...]
    workloads: tuple[Link, ...]


def path() -> str:
    """/gpu/."""
    return urls.GPU_INDEX


def page(read: SliceReader, ld: JsonLd) -> Page:
    """The index."""
    lines = [line for line in read(gpu_lines) if line.offers_n]
    gpus_n = read(counts)["gpus"]
    chips = tuple(read(gpu_link, slug) for slug in read(chip_slugs))
    body = GpuIndex(
        tuple(_groups(lines)), price_figures(lines), chips, read(unoffered_lines), read(set_links), read(workload_links)
    )
    return Page(
        path=path(),
        title="All Cloud GPUs: Specs and Rental Prices",
        description=f"{plural(gpus_n, 'cloud GPU')} with memory, bandwidth, dense TFLOPS and rental price per "
        "hour: lowest, median and who offers it.",
        heading="All cloud GPUs: specs and rental prices",
        body=body,
        crumbs=(Crumb("Home", urls.HOME), Crumb("GPUs", "")),
        words={
            "answer": f"{plural(gpus_n, 'GPU')} can be rented from the providers listed here.\n\n"
            "Prices are per GPU-hour, on demand, before tax; only complete and fresh prices are ranked."
            + clauses.only_listed(len(lines), gpus_n, "with the most providers")
        },
        newest=read(last_read_of, *(line.slug for line in lines)),
        graph=(
            ld.item_list(
                path(),
                "Cloud GPUs",
                [(line.name, line.path) for group in body.groups for line in (*group.lines, *group.lines.rest)],
            ),
        ),
    )


def _groups(lines: list[GpuLine]) -> Iterator[GpuGroup]:
    for group in GROUPS:
        members = tuple(line for line in lines if line.group == group)
        if members:
            yield GpuGroup(
                group, *_TITLES[group], first_and_rest(members, _IN_A_TABLE, "GPU", "those with the most providers")
            )


PAGE_TYPE = PageType("gpu_index", GpuIndex, single, path, page, formats=(*TWINNED, "json"))
