"""Which machines have what a workload needs, and what the cheapest of them cost."""

from decimal import Decimal

from generator.catalogue.catalogue import Catalogue
from generator.catalogue.rows import OfferRow
from generator.catalogue.slices import aggregate, view
from generator.catalogue.views.gpu_sets import set_gpu
from generator.catalogue.views.gpus import gpu_slugs
from generator.catalogue.views.offers import cheapest_lines
from generator.catalogue.views.prose import FilledText, filled
from generator.model.blocks import Link
from generator.model.memory import MACHINES
from generator.model.workloads import USED, Candidate, Machine
from generator.prose.requirements import Requirement
from generator.prose.texts import Workload
from scrapers.price_per_gpu_hour import HOURS_PER_MONTH

_SELLERS = 3  # of each size: for more there is the GPU's page
ANY = ""
MOST_ALIKE = Decimal("0.6")
"""The largest share that two answers may have in common of what either has."""


@view
def workload_source(catalogue: Catalogue, slug: str) -> Workload:
    """A text about a workload as it was reviewed, with its bindings."""
    return catalogue.workloads[slug]


@view
def workload_text(catalogue: Catalogue, slug: str) -> FilledText:
    """A text about a workload with today's figures."""
    return filled(catalogue, catalogue.workloads[slug])


@aggregate
def machines(catalogue: Catalogue, gpu: str, network: str) -> tuple[Machine, ...]:
    """Machines of a GPU that can be rented on demand now, by size, the cheapest first."""
    found: dict[int, list[OfferRow]] = {count: [] for count in MACHINES}
    for offer in catalogue.offers_by_gpu.get(gpu, []):
        if _is_whole(offer) and (network == ANY or offer.has_infiniband):
            found[offer.gpu_count].append(offer)
    lines = {count: cheapest_lines(catalogue, offers, "on_demand", lambda _: ()) for count, offers in found.items()}
    return tuple(
        Machine(count, offers[0].price_per_hour, offers[:_SELLERS])
        for count, offers in lines.items()
        if offers and offers[0].price_per_hour is not None
    )


@aggregate
def candidates(catalogue: Catalogue, slug: str) -> tuple[Candidate, ...]:
    """The cheapest machine of each GPU that has what a workload needs, cheapest first."""
    needs = catalogue.workloads[slug].needs
    rented = [gpu for gpu in gpu_slugs(catalogue) if catalogue.listed_gpus[gpu].floor is not None]
    catalogue.read_ahead(rented, "gpus", "offers_by_gpu")
    found = (_candidate(catalogue, needs, gpu) for gpu in rented)
    return tuple(sorted(filter(None, found), key=lambda one: (one.price_per_hour, one.gpus_n, one.gpu.short_name)))


@aggregate
def answer(catalogue: Catalogue, slug: str) -> tuple[tuple[str, int], ...]:
    """Which GPUs a workload fits on, and on how many of each."""
    return tuple(sorted((one.gpu.slug, one.gpus_needed) for one in candidates(catalogue, slug)))


@aggregate
def distinct(catalogue: Catalogue) -> tuple[str, ...]:
    """The workloads whose answers differ: each from those that come before it, special cases last."""
    found: dict[str, set[tuple[str, int]]] = {}
    for slug in sorted(catalogue.workloads, key=lambda slug: (catalogue.workloads[slug].parent is not None, slug)):
        own = {*answer(catalogue, slug)}
        if all(len(own & other) <= MOST_ALIKE * len(own | other) for other in found.values()):
            found[slug] = own
    return tuple(found)


@aggregate
def workload_links(catalogue: Catalogue) -> tuple[Link, ...]:
    """Links to the pages about workloads."""
    return tuple(_link(workload) for workload in catalogue.workloads.values())


@aggregate
def workloads_of_gpu(catalogue: Catalogue, gpu: str) -> tuple[Link, ...]:
    """Links to the workloads for which a GPU can be rented in a number that fits."""
    return tuple(_link(one) for one in catalogue.workloads.values() if _candidate(catalogue, one.needs, gpu))


def _link(workload: Workload) -> Link:
    return Link(f"Best GPU for {workload.name}", workload.path)


def _is_whole(offer: OfferRow) -> bool:
    """Whether it is a machine of known size, with a price that is ranked."""
    is_machine = offer.size_stated and offer.gpu_share == 1 and offer.gpu_count in MACHINES
    return is_machine and offer.ranks_as("on_demand") and offer.price_per_hour is not None


def _gpus_needed(catalogue: Catalogue, needs: Requirement, gpu: str) -> int | None:
    """How many of these GPUs hold the workload; None where no machine does, or the software runs on none."""
    row = catalogue.gpus[gpu]
    runs_on = needs.runs_on
    if row.vram_gb is None or row.architecture not in runs_on.architectures or gpu in runs_on.not_on:
        return None
    return needs.memory.gpus_n(row.vram_gb)


def _candidate(catalogue: Catalogue, needs: Requirement, gpu: str) -> Candidate | None:
    gpus_needed = _gpus_needed(catalogue, needs, gpu)
    if gpus_needed is None:
        return None
    fitting = [one for one in machines(catalogue, gpu, needs.network or ANY) if one.gpus_n >= gpus_needed]
    cheapest = min(fitting, key=lambda one: (one.price_per_hour, one.gpus_n), default=None)
    if cheapest is None:
        return None
    hourly = cheapest.price_per_hour * needs.machines
    return Candidate(
        gpu=set_gpu(catalogue, gpu),
        gpus_needed=gpus_needed,
        gpus_n=cheapest.gpus_n,
        price_per_hour=hourly,
        months=tuple(hourly * HOURS_PER_MONTH * share for share in USED),
        offers=cheapest.offers,
    )
