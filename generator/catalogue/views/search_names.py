"""The names that the search finds, with their pages: those that most people look for first."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.slices import aggregate, view
from generator.catalogue.views.cheapest import cheapest_slugs
from generator.catalogue.views.gpu_sets import set_links
from generator.catalogue.views.gpus import chip_slugs, gpu_order, gpu_slugs
from generator.catalogue.views.indices import index_slugs
from generator.catalogue.views.pairs import gpu_pairs, provider_pairs
from generator.catalogue.views.places import region_of, region_slugs
from generator.catalogue.views.prose import published_guides
from generator.catalogue.views.provider_gpus import provider_gpu_pages
from generator.catalogue.views.providers import provider_order
from generator.catalogue.views.workloads import workload_links
from generator.model.search import KINDS, Machine, Name
from scrapers.addresses import host_of

_ALSO_CALLED = {"GB": ("UK", "Britain", "England"), "US": ("USA", "America"), "NL": ("Holland",)}
_PAGES = (
    ("All GPUs", urls.GPU_INDEX, ("gpu list", "specs")),
    ("All providers", urls.PROVIDER_INDEX, ("clouds", "marketplaces")),
    ("All comparisons", urls.COMPARE_INDEX, ("vs", "compare")),
    ("Regions", urls.REGION_INDEX, ("countries", "continents", "places")),
    ("Price index", urls.PRICE_INDEX, ("trends", "history")),
    ("Price changes", urls.CHANGES, ("news", "feed")),
    ("Methodology", urls.METHODOLOGY, ("how prices are read",)),
    ("Data and API", urls.DATA, ("csv", "json", "sqlite", "download")),
    ("Status of each source", urls.STATUS, ()),
    ("Corrections", urls.CORRECTIONS, ("wrong price",)),
)


@aggregate
def search_names(catalogue: Catalogue) -> tuple[Name, ...]:
    """The names of all pages that people look for, by kind."""
    gpus, sellers = _gpu_names(catalogue), _provider_names(catalogue)
    found = [*_gpus(catalogue), *_sellers(catalogue, sellers), *_places(catalogue), *_lists(catalogue, gpus)]
    found += _pairs(catalogue, gpus, sellers)
    found += (Name("page", *one) for one in _PAGES)
    found += (
        Name("guide", link.text, link.path) for link in (*published_guides(catalogue), *workload_links(catalogue))
    )
    return tuple(sorted(found, key=lambda name: KINDS.index(name.kind)))


@view
def search_machines(catalogue: Catalogue) -> tuple[Machine, ...]:
    """The providers' own names for machines on sale now, each once for a provider and GPU."""
    gpus, sellers = _gpu_names(catalogue), _provider_names(catalogue)
    pages = set(provider_gpu_pages(catalogue))
    found = {
        (offer.instance_name or offer.instance_type, offer.provider_slug, offer.gpu_slug)
        for offer in catalogue.all_offers.values()
        if offer.gpu_slug in gpus
    }
    return tuple(
        Machine(name, sellers[provider], gpus[gpu], _page(provider, gpu, pages))
        for name, provider, gpu in sorted(found)
    )


def _page(provider: str, gpu: str, pages: set[tuple[str, str]]) -> str:
    return urls.provider_gpu(provider, gpu) if (provider, gpu) in pages else urls.provider(provider)


def _gpu_names(catalogue: Catalogue) -> dict[str, str]:
    return {row.slug: row.short_name for row in catalogue.listed_gpus.values()}


def _provider_names(catalogue: Catalogue) -> dict[str, str]:
    slugs = tuple(catalogue.listed_providers)
    catalogue.read_ahead(slugs, "providers")
    return {slug: catalogue.providers[slug].display_name for slug in slugs}


def _gpus(catalogue: Catalogue) -> Iterator[Name]:
    """Chips and variants with their spellings, those that most providers rent out first."""
    also = defaultdict[str, list[str]](list)
    for alias in catalogue.gpu_names.values():
        also[alias.gpu_slug].append(alias.alias)
    paged = {*gpu_slugs(catalogue)}
    for slug in (*chip_slugs(catalogue), *(slug for slug in gpu_order(catalogue) if slug in paged)):
        row = catalogue.listed_gpus[slug]
        if slug in paged:
            others = [*also[slug], *([f"{row.vram_gb}gb"] if row.vram_gb else [])]
            yield Name("gpu", row.short_name, urls.gpu(slug), _short(row.short_name, others), row.floor)
        else:
            yield Name("chip", row.short_name, urls.gpu(slug), _short(row.short_name, also[slug]))


def _short(name: str, others: Iterable[str]) -> tuple[str, ...]:
    """The spellings that hold a word that the name does not."""
    known = set(name.lower().replace("-", " ").split())
    return tuple(dict.fromkeys(other for other in others if set(other.split()) - known))


def _sellers(catalogue: Catalogue, names: dict[str, str]) -> Iterator[Name]:
    for slug in provider_order(catalogue):
        host = host_of(catalogue.providers[slug].website_url or "") or ""
        also = _short(names[slug], (slug, host.removeprefix("www.").rpartition(".")[0].replace(".", " ")))
        yield Name("provider", names[slug], urls.provider(slug), also)


def _places(catalogue: Catalogue) -> Iterator[Name]:
    for slug in region_slugs(catalogue):
        region = region_of(slug)
        code = (region.code,) if region.code != region.name else ()
        yield Name("region", region.name, urls.region(slug), (*code, *_ALSO_CALLED.get(region.code, ())))


def _lists(catalogue: Catalogue, gpus: dict[str, str]) -> Iterator[Name]:
    for slug in cheapest_slugs(catalogue, "on_demand"):
        yield Name("list", f"Cheapest {gpus[slug]}", urls.cheapest(slug, "on_demand"))
    for link in set_links(catalogue):
        yield Name("list", link.text, link.path)
    for slug in index_slugs(catalogue):
        yield Name("index", f"{gpus[slug]} price index", urls.price_index(slug), ("trend", "history"))


def _pairs(catalogue: Catalogue, gpus: dict[str, str], sellers: dict[str, str]) -> Iterator[Name]:
    order = {slug: place for place, slug in enumerate((*gpu_order(catalogue), *provider_order(catalogue)))}
    for names, pairs in ((gpus, gpu_pairs(catalogue)), (sellers, provider_pairs(catalogue))):
        for one, other in sorted(pairs, key=lambda pair: sum(order.get(slug, len(order)) for slug in pair)):
            yield Name("comparison", f"{names[one]} vs {names[other]}", urls.compare(one, other))
    for provider, gpu in provider_gpu_pages(catalogue):
        yield Name("offer", f"{gpus[gpu]} at {sellers[provider]}", urls.provider_gpu(provider, gpu))
