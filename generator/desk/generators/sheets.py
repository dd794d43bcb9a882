"""The fact sheet of a page, from today's catalogue: the bindings that have a value, and the claims that hold."""

from collections.abc import Iterator
from itertools import permutations
from typing import NamedTuple

from generator.catalogue.catalogue import Catalogue
from generator.catalogue.views.gpus import gpu_row, neighbour_slugs
from generator.catalogue.views.prose import CatalogueLookup
from generator.database.seed_rows import TERM_UNITS
from generator.desk.generators.fact_sheet import FactSheet, Quote, SheetFact
from generator.errors import BrokenContent
from generator.model.page import Page
from generator.pages.registry import Planned
from generator.prose import bindings
from generator.prose.calls import DAYS
from generator.prose.figures import SPECS

_OF_A_GPU = ("gpu", "floor", "floor_provider", "median", "spot_floor", "spot_discount", "providers")
_NUMERIC = ("vram_gb", "memory_bandwidth_gbps", "fp16_tflops", "fp8_tflops")
_MANY = (20, 10, 5, 3)
_MEANINGS = {
    "gpu": "the GPU's name, as a link",
    "floor": "its lowest ranked price on demand",
    "floor_provider": "who asks that price, as a link",
    "median": "the median of its prices on demand, one vote per provider",
    "spot_floor": "its lowest ranked spot price",
    "spot_discount": "how far spot is below on demand at the same sellers",
    "providers": "how many providers sell it",
    "change": "the change of its median on demand over so many days",
    "provider": "the provider's name, as a link",
    "term": "what the provider states of it",
    "spec": "its specification",
    "ratio": "the first's divided by the second's",
    "price_ratio": "what the first costs of the second, at the sellers of both",
    "as_of": "the day of all figures",
    "count": "how many the site lists",
}
_UNITS = dict.fromkeys(("floor", "median", "spot_floor"), "US dollars per GPU-hour before tax")
FORBIDDEN = (
    "throughput, latency and cost per token or image: none was measured",
    "what prices will do",
    "terms of a provider that are no fact of this sheet",
)


class Subjects(NamedTuple):
    """The slugs of the GPUs and providers that a page is about."""

    gpus: tuple[str, ...]
    providers: tuple[str, ...]


def sheet_of(catalogue: Catalogue, planned: Planned, page: Page, slug: str) -> FactSheet:
    """The sheet of a page; `page` is as it would be built without reviewed words."""
    kind, _ = planned
    subjects = subjects_of(catalogue, planned)
    return FactSheet(
        slug=slug,
        page_type=kind.name,
        subject=page.heading,
        facts=tuple(_facts(catalogue, subjects)),
        predicates=tuple(true_claims(catalogue, subjects)),
        quoted=tuple(_quotes(catalogue, subjects)),
        forbidden=FORBIDDEN,
    )


def subjects_of(catalogue: Catalogue, planned: Planned) -> Subjects:
    """What a page is about: the slugs of its key; of a chip, its variants."""
    kind, key = planned
    gpus = [slug for slug, about in zip(key, kind.about, strict=False) if about == "gpu"]
    providers = [slug for slug, about in zip(key, kind.about, strict=False) if about == "provider"]
    of_chips = [row.slug for row in catalogue.listed_gpus.values() if row.chip in key and row.slug not in gpus]
    known = [slug for slug in (*gpus, *of_chips) if slug in catalogue.gpus]
    return Subjects(tuple(known), tuple(slug for slug in providers if slug in catalogue.providers))


def sources(catalogue: Catalogue, subjects: Subjects) -> Iterator[str]:
    """The bindings that could be used, whether or not they have a value."""
    for gpu in subjects.gpus:
        yield from (f"{name}:{gpu}" for name in _OF_A_GPU)
        yield from (f"change:{gpu}:{days}" for days in DAYS)
        yield from (f"spec:{gpu}:{name}" for name in SPECS)
    for one, other in permutations(subjects.gpus, 2):
        yield f"price_ratio:{one}:{other}"
        yield from (f"ratio:{name}:{one}:{other}" for name in _NUMERIC)
    for provider in subjects.providers:
        yield f"provider:{provider}"
        yield from (f"term:{provider}:{field}" for field in TERM_UNITS)
    yield from ("as_of", "count:providers", "count:gpus", "count:offers")


def true_claims(catalogue: Catalogue, subjects: Subjects) -> Iterator[str]:
    """The claims that hold today, of the subjects and of what one would rent instead."""
    lookup = CatalogueLookup(catalogue)
    return (source for source in _claims(catalogue, subjects) if _holds(source, lookup))


def _claims(catalogue: Catalogue, subjects: Subjects) -> Iterator[str]:
    lookup = CatalogueLookup(catalogue)
    near = [*subjects.gpus, *(slug for gpu in subjects.gpus for slug in neighbour_slugs(catalogue, gpu))]
    for one, other in permutations(dict.fromkeys(near), 2):
        if one in subjects.gpus or other in subjects.gpus:
            yield f"cheaper_than:{one}:{other}"
            yield from (f"spec_above:{name}:{one}:{other}" for name in _NUMERIC)
    for gpu in subjects.gpus:
        line = lookup.gpu(gpu)
        if line and line.floor_provider:
            yield f"lowest_at:{gpu}:{line.floor_provider.path.strip('/').rpartition('/')[2]}"
        yield f"spot_below:{gpu}"
        yield from (f"{name}:{gpu}:{days}" for name in ("fell", "rose", "steady") for days in DAYS)
        yield from (f"{name}:{gpu}:{n}" for name in ("providers_at_least", "in_stock_at_least") for n in _MANY)
        yield from (f"only_provider:{gpu}:{seller}" for seller in lookup.sellers(gpu)[:1])
    yield from (f"states:{provider}:{field}" for provider in subjects.providers for field in TERM_UNITS)


def _holds(source: str, lookup: CatalogueLookup) -> bool:
    try:
        return bindings.told(source, lookup) is True
    except (BrokenContent, KeyError):
        return False


def _facts(catalogue: Catalogue, subjects: Subjects) -> Iterator[SheetFact]:
    lookup = CatalogueLookup(catalogue)
    for source in sources(catalogue, subjects):
        figure = bindings.figure(source, lookup)
        if figure is not None:
            name = source.split(":")[0]
            yield SheetFact(source, _MEANINGS[name], figure.text, _UNITS.get(name, ""), lookup.as_of)


def _quotes(catalogue: Catalogue, subjects: Subjects) -> Iterator[Quote]:
    """What providers call themselves and their machines, as data."""
    for provider in subjects.providers:
        yield Quote(f"provider:{provider}", catalogue.providers[provider].display_name)
    for gpu in subjects.gpus:
        yield Quote(f"gpu:{gpu}", gpu_row(catalogue, gpu).name)
