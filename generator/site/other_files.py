"""The files beside the pages that a build makes of its settings and its catalogue; sitemaps need the pages' records."""

from collections.abc import Mapping

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.views.pairs import gpu_pairs, provider_pairs
from generator.model.page import Site
from generator.site import sitemaps
from generator.site.assets import assets
from generator.site.render import POLICY


def of_templates(site: Site) -> Mapping[str, bytes]:
    """Assets, headers, robots.txt: path in the output folder -> bytes."""
    lasting = [asset.path for asset in assets().values() if asset.path != urls.asset(asset.name)]
    return {
        **{asset.path.lstrip("/"): asset.body for asset in assets().values()},
        **sitemaps.headers(site.url, POLICY, lasting),
        **sitemaps.robots(site.url),
    }


def of_catalogue(site: Site, catalogue: Catalogue) -> Mapping[str, bytes]:
    """Redirects, confirmation times: path in the output folder -> bytes."""
    pairs = (*gpu_pairs(catalogue), *provider_pairs(catalogue))
    confirmed = {slug: row.last_confirmed_at for slug, row in catalogue.providers.items() if row.last_confirmed_at}
    return {
        **sitemaps.redirects(site.url, sitemaps.reversed_comparisons(pairs)),
        **sitemaps.freshness(confirmed, catalogue.as_of),
    }
