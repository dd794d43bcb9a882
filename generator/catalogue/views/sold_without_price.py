"""Machines that providers sell without a price at hand."""

from collections.abc import Callable

from generator.catalogue.catalogue import Catalogue
from generator.catalogue.rows import SoldWithoutPriceRow
from generator.catalogue.slices import view
from generator.catalogue.views.gpus import gpu_link
from generator.catalogue.views.providers import provider_link
from generator.model.blocks import Link, Sold


@view
def sold_of_gpu(catalogue: Catalogue, slug: str) -> tuple[Sold, ...]:
    """The providers that sell a GPU in a machine without a price at hand."""
    return _sold(catalogue, lambda row: row.gpu_slug == slug, lambda row: provider_link(catalogue, row.provider_slug))


@view
def sold_of_provider(catalogue: Catalogue, slug: str) -> tuple[Sold, ...]:
    """The GPUs that a provider sells in a machine without a price at hand."""
    return _sold(catalogue, lambda row: row.provider_slug == slug, lambda row: gpu_link(catalogue, row.gpu_slug))


def _sold(
    catalogue: Catalogue,
    wanted: Callable[[SoldWithoutPriceRow], bool],
    of: Callable[[SoldWithoutPriceRow], Link | None],
) -> tuple[Sold, ...]:
    rows = filter(wanted, catalogue.sold_without_price)
    return tuple(Sold(to, row.machine_type, row.url) for row in rows if (to := of(row)))
