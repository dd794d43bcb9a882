"""Machines that providers sell but whose price is not known."""

from collections.abc import Callable, Iterable

from generator.catalogue.catalogue import Catalogue
from generator.catalogue.rows import SoldWithoutPriceRow
from generator.catalogue.slices import view
from generator.catalogue.views.gpus import gpu_link
from generator.catalogue.views.providers import provider_link
from generator.model.blocks import Link, SoldWithoutPrice


@view
def sold_of_gpu(catalogue: Catalogue, slug: str) -> tuple[SoldWithoutPrice, ...]:
    """The providers that sell a GPU in a machine whose price is not known."""
    return _sold(catalogue.sold_by_gpu.get(slug, []), lambda row: provider_link(catalogue, row.provider_slug))


@view
def sold_of_provider(catalogue: Catalogue, slug: str) -> tuple[SoldWithoutPrice, ...]:
    """The GPUs that a provider sells in a machine whose price is not known."""
    return _sold(catalogue.sold_by_provider.get(slug, []), lambda row: gpu_link(catalogue, row.gpu_slug))


def _sold(
    rows: Iterable[SoldWithoutPriceRow], of: Callable[[SoldWithoutPriceRow], Link | None]
) -> tuple[SoldWithoutPrice, ...]:
    return tuple(SoldWithoutPrice(to, row.machine_type, row.url) for row in rows if (to := of(row)))
