"""Where a binding's figure was read: the source of each of its parts, and our page about the answer."""

from collections.abc import Iterator

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.views.gpus import gpu_row
from generator.catalogue.views.offers import cheapest_lines
from generator.catalogue.views.terms import term_rows
from generator.desk.drafts import Origin
from generator.prose.calls import GPU, Call, named
from generator.prose.figures import FUNCTIONS, PRICES

_SHOWN = 3  # of the offers behind a figure of many


def origins(catalogue: Catalogue, source: str) -> tuple[Origin, ...]:
    """Where a binding's figure comes from: offers, specifications, terms, or the page with its figures."""
    call = Call(source)
    if call.name == "term":
        return tuple(_term(catalogue, *call.arguments))
    if call.name == "spec":
        row = gpu_row(catalogue, call.arguments[0])
        return (Origin("Specification", row.spec_source or ""),)
    slugs = named(call, FUNCTIONS, GPU)
    is_price = call.name in {*PRICES, "about", "cost", "floor_provider"}
    found = (one for slug in slugs for one in _offers(catalogue, slug, source)) if is_price else iter(())
    return (*found, *(Origin("Its figures on our page", "", urls.gpu(slug)) for slug in slugs if not is_price))


def _offers(catalogue: Catalogue, slug: str, source: str) -> Iterator[Origin]:
    """The offers behind a price, the cheapest first; a median has more than one."""
    pricing_type = "spot" if "spot_floor" in source else "on_demand"
    lines = cheapest_lines(catalogue, catalogue.offers_by_gpu.get(slug, ()), pricing_type, lambda _: ())
    for line in lines[: _SHOWN if "median" in source else 1]:
        yield Origin(line.provider.text, line.evidence_url or line.out_url or "", line.evidence_path)


def _term(catalogue: Catalogue, provider: str, field: str) -> Iterator[Origin]:
    row = term_rows(catalogue, provider).get(field)
    if row is not None:
        yield Origin(f"{catalogue.providers[provider].display_name}, {field.replace('_', ' ')}", row.source_url)
