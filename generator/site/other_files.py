"""The files beside the pages: assets, sitemaps, robots.txt, headers, redirects, confirmation times."""

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

from generator.catalogue.catalogue import Catalogue
from generator.catalogue.views.cheapest import lists_not_made
from generator.database import db
from generator.model.page import Site
from generator.pages.registry import page_keys, page_types
from generator.site import history_json, page_json, sitemaps
from generator.site.assets import assets
from generator.site.llms import llms
from generator.site.opensearch import opensearch
from generator.site.render import POLICY


def of_templates(site: Site) -> dict[str, bytes]:
    """Assets, verification files, headers, robots.txt: path in the output folder -> bytes."""
    lasting = [asset.path for asset in assets().values() if asset.is_lasting]
    files = {asset.path.lstrip("/"): asset.body for asset in assets().values()}
    files |= {name: f"{text}\n".encode() for name, text in site.verification}
    files |= {**page_json.schemas(), **history_json.schemas()}
    files |= sitemaps.robots(site.url) | llms(site) | opensearch(site)
    return files | sitemaps.headers(site.url, POLICY, lasting)


def redirects(
    site: Site, catalogue: Catalogue, former: Iterable[str], moves: Mapping[str, str | None] = MappingProxyType({})
) -> dict[str, bytes]:
    """Comparisons the other way round, lists that too few providers are left for, and `former` pages.

    `moves` are editors' words on former addresses: where the page is now, None where it is gone for good.
    """
    pairs = [
        (key[0], key[1])
        for kind in page_types()
        if len(kind.about) == 2 and kind.about[0] == kind.about[1]
        for key in page_keys(catalogue, kind.name)
    ]
    has = catalogue.addresses.has
    moved = sitemaps.moved_up((path for path in former if path not in moves), has)
    moved |= {old: new for old, new in moves.items() if new and has(new) and not has(old)}
    return sitemaps.redirects(site.url, moved | sitemaps.reversed_comparisons(pairs) | lists_not_made(catalogue))


def all_sitemaps(
    connection: db.Connection, site: Site, moved: Collection[str], now: Mapping[str, sitemaps.Entry | None]
) -> dict[str, bytes]:
    """The sitemap index, and the sitemaps of the page types with a page that moved.

    `now` has the pages that were made, by path; None for those that search engines may not index, or that are gone.
    """
    known = db.rows(connection, "sitemap_entries", sitemaps.Entry, page_types=sorted(moved))
    kept = [entry for entry in known if entry.path not in now]
    others = db.rows(connection, "sitemap_parts", sitemaps.Part, page_types=sorted(moved), maximum=sitemaps.MAXIMUM)
    made = [entry for entry in now.values() if entry and entry.page_type in moved]
    return sitemaps.sitemaps(site.url, [*kept, *made], others)
