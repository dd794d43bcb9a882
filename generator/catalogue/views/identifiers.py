"""Which GPU a name or a machine type means, in slugs."""

from generator.catalogue.catalogue import Catalogue
from generator.catalogue.slices import view
from generator.catalogue.views.published import count_of
from generator.model.identifiers import GpuName, InstanceType


@view
def gpu_names(catalogue: Catalogue) -> tuple[GpuName, ...]:
    """All known spellings of GPU names."""
    return tuple(
        GpuName(row.alias, None if row.memory_gb is None else float(row.memory_gb), row.gpu_slug)
        for row in catalogue.gpu_names.values()
    )


@view
def instance_types(catalogue: Catalogue) -> tuple[InstanceType, ...]:
    """The machine types that are offered now, by provider and name."""
    found = {
        (offer.provider_slug, offer.instance_type, offer.gpu_slug, count_of(offer) or 0)
        for offer in catalogue.all_offers.values()
    }
    return tuple(
        InstanceType(provider, name, gpu, gpu_count or None) for provider, name, gpu, gpu_count in sorted(found)
    )
