"""The providers whose links earn a commission."""

from generator.catalogue.catalogue import Catalogue
from generator.catalogue.slices import aggregate
from generator.catalogue.views.providers import provider_link, provider_slugs
from generator.model.blocks import Link


@aggregate
def partners(catalogue: Catalogue) -> tuple[Link, ...]:
    """The providers whose links earn a commission, by name."""
    slugs = provider_slugs(catalogue)
    catalogue.read_ahead(sorted(slugs), "providers")
    found = (provider_link(catalogue, slug) for slug in slugs if catalogue.providers[slug].affiliate_url)
    return tuple(sorted(link for link in found if link))
