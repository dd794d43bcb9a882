"""A GPU at one provider, where there is more to say of it than a row of a table."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.rows import FloorRow
from generator.catalogue.slices import aggregate, view
from generator.catalogue.views.availability import MIN_HOURS
from generator.catalogue.views.costs import scenarios
from generator.catalogue.views.floors import floors_at, standing
from generator.catalogue.views.gpus import gpu_link, gpu_slugs
from generator.catalogue.views.providers import provider_floors, provider_link
from generator.model.blocks import Link, ScenarioLine
from generator.model.compared import CheaperOffer, Standing

FEWEST_PLACES = 2
FEWEST_DAYS = 60
FEWEST_LINKS = 3
_CHEAPER = 3

Pair = tuple[str, str]


@aggregate
def provider_gpu_pairs(catalogue: Catalogue) -> tuple[Pair, ...]:
    """The providers and GPUs of which a page has enough to say.

    It can be rented there on demand in two configurations or regions, or its price changed in a history long enough.
    """
    sold = ((gpu, seller) for gpu in gpu_slugs(catalogue) for seller in catalogue.sellers.get(gpu, {}).items())
    moved = _moved_pairs(catalogue)
    return tuple(
        sorted(
            (provider, gpu)
            for gpu, (provider, how) in sold
            if how.places_n >= FEWEST_PLACES or (provider, gpu) in moved
        )
    )


def _moved_pairs(catalogue: Catalogue) -> set[Pair]:
    """Those of which there is a price of so many days ago, and one that changed."""
    since = catalogue.day - timedelta(FEWEST_DAYS)
    spans = catalogue.price_spans.values()
    return {(row.provider_slug, row.gpu_slug) for row in spans if row.has_changed and row.first_on <= since}


@aggregate
def provider_gpu_pages(catalogue: Catalogue) -> tuple[Pair, ...]:
    """The providers and GPUs with a page: those with enough to say, and those with more offers than a table takes."""
    variants = set(gpu_slugs(catalogue))
    crowded = ((row.provider_slug, row.gpu_slug) for row in catalogue.crowded_pairs.values())
    return tuple(sorted({*provider_gpu_pairs(catalogue), *(pair for pair in crowded if pair[1] in variants)}))


@view
def _by_provider(catalogue: Catalogue) -> dict[str, list[str]]:
    return _grouped(provider_gpu_pairs(catalogue))


@view
def _by_gpu(catalogue: Catalogue) -> dict[str, list[str]]:
    return _grouped((gpu, provider) for provider, gpu in provider_gpu_pairs(catalogue))


@view
def _pages_by_provider(catalogue: Catalogue) -> dict[str, list[str]]:
    return _grouped(provider_gpu_pages(catalogue))


@view
def _pages_by_gpu(catalogue: Catalogue) -> dict[str, list[str]]:
    return _grouped((gpu, provider) for provider, gpu in provider_gpu_pages(catalogue))


def _grouped(pairs: Iterable[Pair]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one, other in pairs:
        found.setdefault(one, []).append(other)
    return found


@aggregate
def gpu_pages_of_provider(catalogue: Catalogue, provider: str) -> tuple[Link, ...]:
    """Links to the pages about single GPUs at a provider, by their names."""
    found = [(gpu_link(catalogue, gpu).text, gpu) for gpu in _pages_by_provider(catalogue).get(provider, ())]
    return tuple(Link(text, urls.provider_gpu(provider, gpu)) for text, gpu in sorted(found))


@aggregate
def provider_pages_of_gpu(catalogue: Catalogue, gpu: str) -> tuple[Link, ...]:
    """Links to the pages about a GPU at single providers, by the providers' names."""
    known = ((slug, provider_link(catalogue, slug)) for slug in _pages_by_gpu(catalogue).get(gpu, ()))
    found = [(link.text, slug) for slug, link in known if link]
    return tuple(Link(text, urls.provider_gpu(slug, gpu)) for text, slug in sorted(found))


@aggregate
def has_enough(catalogue: Catalogue, provider: str, gpu: str) -> bool:
    """Whether a page has enough to say of a GPU at a provider, beside its rows."""
    return gpu in _by_provider(catalogue).get(provider, ())


@aggregate
def has_links(catalogue: Catalogue, provider: str, gpu: str) -> bool:
    """Whether enough other pages of its provider or its GPU lead to a page, each of which others lead to, too."""
    others = [(provider, other) for other in _by_provider(catalogue).get(provider, ()) if other != gpu]
    others += [(other, gpu) for other in _by_gpu(catalogue).get(gpu, ()) if other != provider]
    return sum(_others_n(catalogue, *pair) >= FEWEST_LINKS for pair in others) >= FEWEST_LINKS


def _others_n(catalogue: Catalogue, provider: str, gpu: str) -> int:
    return len(_by_provider(catalogue)[provider]) + len(_by_gpu(catalogue)[gpu]) - 2


@view
def floor_of(catalogue: Catalogue, provider: str, gpu: str, pricing_type: str) -> FloorRow | None:
    """A provider's lowest ranked prices of one GPU; None where none ranks."""
    floors = provider_floors(catalogue, provider, pricing_type)
    return next((row for row in floors if row.gpu_slug == gpu), None)


@view
def standing_of(catalogue: Catalogue, provider: str, gpu: str) -> Standing | None:
    """How its on-demand price of a GPU stands against the other sellers'; None where too few sell it so."""
    own = floor_of(catalogue, provider, gpu, "on_demand")
    return standing(catalogue, own) if own else None


@view
def cheaper_elsewhere(catalogue: Catalogue, provider: str, gpu: str) -> tuple[CheaperOffer, ...]:
    """The cheapest others that ask less on demand for the same number of GPUs, at the provider's smallest number."""
    own = floor_of(catalogue, provider, gpu, "on_demand")
    if own is None:
        return ()
    count, others = next(one for one in floors_at(catalogue, gpu, "on_demand").items() if provider in one[1])
    price = others[provider]
    less = sorted((other, slug) for slug, other in others.items() if other < price)[:_CHEAPER]
    found = ((other, provider_link(catalogue, slug)) for other, slug in less)
    return tuple(CheaperOffer(link, count, other, round(1 - other / price, 4)) for other, link in found if link)


@view
def whole_cost(catalogue: Catalogue, provider: str, gpu: str) -> ScenarioLine | None:
    """What one GPU costs here with storage and traffic; None where that is not known."""
    own = urls.provider(provider)
    return next((line for line in scenarios(catalogue, gpu) if line.provider.path == own), None)


@view
def available_share(catalogue: Catalogue, provider: str, gpu: str) -> Decimal | None:
    """The share of the time observed in which a provider stated that it had a GPU; None where it states nothing."""
    rows = catalogue.availability_by_provider.get(provider, [])
    shares = (row.available_share for row in rows if row.gpu_slug == gpu and row.watched_hours >= MIN_HOURS)
    return next(shares, None)
