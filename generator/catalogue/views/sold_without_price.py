"""Machines that providers sell but whose price is not known."""

from collections.abc import Callable

from generator.catalogue.catalogue import Catalogue
from generator.catalogue.rows import SoldWithoutPriceRow
from generator.catalogue.slices import view
from generator.catalogue.views.gpus import gpu_link
from generator.catalogue.views.providers import provider_link
from generator.model.blocks import Link, SoldWithoutPrice


@view
def sold_of_gpu(catalogue: Catalogue, slug: str) -> tuple[SoldWithoutPrice, ...]:
    """The providers that sell a GPU in a machine whose price is not known."""
    return _sold(catalogue, lambda row: row.gpu_slug == slug, lambda row: provider_link(catalogue, row.provider_slug))


@view
def sold_of_provider(catalogue: Catalogue, slug: str) -> tuple[SoldWithoutPrice, ...]:
    """The GPUs that a provider sells in a machine whose price is not known."""
    return _sold(catalogue, lambda row: row.provider_slug == slug, lambda row: gpu_link(catalogue, row.gpu_slug))


def _sold(
    catalogue: Catalogue,
    wanted: Callable[[SoldWithoutPriceRow], bool],
    of: Callable[[SoldWithoutPriceRow], Link | None],
) -> tuple[SoldWithoutPrice, ...]:
    rows = filter(wanted, catalogue.sold_without_price)
    return tuple(SoldWithoutPrice(to, row.machine_type, row.url) for row in rows if (to := of(row)))
