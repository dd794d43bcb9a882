"""Two providers: who is cheaper for which GPU, and on what terms."""

from collections.abc import Iterator
from dataclasses import dataclass

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.slices import SliceReader
from generator.catalogue.views.pairs import (
    FEWEST_SHARED_GPUS,
    FEWEST_TERMS,
    comparisons_of_provider,
    only_at,
    provider_pairs,
    shared_gpus,
)
from generator.catalogue.views.providers import provider_line, provider_row, stated_facts
from generator.formats import plural
from generator.labels import PROVIDER_TYPES
from generator.model.blocks import Fact, Figure, Link, PairFact, Part, ProviderLine, SharedPrice, first
from generator.model.jsonld import JsonLd
from generator.model.page import Crumb, Page
from generator.pages.figures import shared_prices_figure
from generator.pages.registry import Key, PageType
from generator.prose import clauses, sentences

_SHARED = 40  # at most so many shared GPUs in the table


@dataclass(frozen=True, slots=True)
class ProviderComparison:
    """What a comparison of two providers shows."""

    a: ProviderLine
    b: ProviderLine
    shared: Part[SharedPrice]
    only_a: tuple[Link, ...]
    only_b: tuple[Link, ...]
    facts: tuple[PairFact, ...]
    chart: Figure | None
    warning: str
    others: tuple[Link, ...]


def keys(catalogue: Catalogue) -> Iterator[Key]:
    """A page for each pair that can be compared."""
    return iter(provider_pairs(catalogue))


def path(a: str, b: str) -> str:
    """/compare/lambda-labs-vs-runpod/."""
    return urls.compare(a, b)


def page(read: SliceReader, ld: JsonLd, a: str, b: str) -> Page:
    """The comparison of two providers, in the order of their slugs."""
    body = _body(read, a, b)
    names = f"{body.a.name} vs {body.b.name}"
    return Page(
        path=path(a, b),
        title=clauses.title(
            f"{names}: GPU Prices and Terms Compared", f"{names}: GPU Prices Compared", f"{names}: GPU Prices", names
        ),
        description=_description(body, len(read(shared_gpus, a, b))),
        heading=f"{names}: GPU prices compared",
        body=body,
        crumbs=(Crumb("Home", urls.HOME), Crumb("Compare", urls.COMPARE_INDEX), Crumb(names, "")),
        words={"answer": sentences.provider_verdict(body.a, body.b, read(shared_gpus, a, b))},
        newest=max((line.confirmed_at for line in (body.a, body.b) if line.confirmed_at), default=None),
        related_provider_ids=(read(provider_row, a).id, read(provider_row, b).id),
    )


def _body(read: SliceReader, a: str, b: str) -> ProviderComparison:
    one, other, shared = read(provider_line, a), read(provider_line, b), read(shared_gpus, a, b)
    own = path(a, b)
    others = [link for slug in (a, b) for link in read(comparisons_of_provider, slug) if link.path != own]
    return ProviderComparison(
        a=one,
        b=other,
        shared=first(shared, _SHARED, "GPU", "the most expensive"),
        only_a=read(only_at, a, b),
        only_b=read(only_at, b, a),
        facts=tuple(_facts(read(stated_facts, a), read(stated_facts, b))),
        chart=shared_prices_figure(one.name, other.name, shared),
        warning=_warning(one, other),
        others=tuple(dict.fromkeys(others))[:12],
    )


def _facts(a: tuple[Fact, ...], b: tuple[Fact, ...]) -> Iterator[PairFact]:
    ours, theirs = ({fact.label: fact for fact in facts} for facts in (a, b))
    for label in dict.fromkeys((*ours, *theirs)):
        one, other = (known.get(label) or Fact(label, "Not known") for known in (ours, theirs))
        yield PairFact(label, one.value, other.value, a_url=one.url, b_url=other.url)


def _warning(a: ProviderLine, b: ProviderLine) -> str:
    if a.provider_type == b.provider_type:
        return ""
    one, other = (PROVIDER_TYPES[line.provider_type] for line in (a, b))
    return f"These are different kinds of provider: {a.name} is listed as “{one}”, {b.name} as “{other}”."


def _description(body: ProviderComparison, shared_n: int) -> str:
    return clauses.description(
        (
            f"{body.a.name} or {body.b.name}: on-demand prices of the {plural(shared_n, 'GPU')} that both rent out,",
            "side by side,",
            "with terms and the GPUs that only one of them has.",
        )
    )


PAGE_TYPE = PageType(
    "provider_comparison",
    ProviderComparison,
    keys,
    path,
    page,
    about=("provider", "provider"),
    needs=f"a comparison of providers needs {FEWEST_SHARED_GPUS} GPUs with fresh prices at both, "
    f"and {FEWEST_TERMS} known terms of each",
)
