"""Guides and the methodology, with today's figures filled in."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.slices import aggregate, view
from generator.catalogue.views import claims
from generator.catalogue.views.floors import middle
from generator.catalogue.views.gpus import gpu_line
from generator.catalogue.views.market import counts
from generator.catalogue.views.pairs import shared_providers
from generator.catalogue.views.providers import provider_line
from generator.catalogue.views.terms import term_words
from generator.formats import day
from generator.model.blocks import GpuLine, Link, ProviderLine
from generator.prose.bindings import resolve
from generator.prose.methodology_versions import MethodologyVersion
from generator.prose.texts import Guide, ReviewedText


class FilledText(NamedTuple):
    """A text's Markdown with its bindings resolved, the slugs that it names, and what has no value or does not hold."""

    summary: str
    text: str
    gpus: tuple[str, ...]
    providers: tuple[str, ...]
    missing: tuple[str, ...]
    false: tuple[str, ...] = ()


class CatalogueLookup:
    """What bindings may look up, from the catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    @property
    def as_of(self) -> date:
        """The day that the site describes."""
        return self._catalogue.day

    def gpu(self, slug: str) -> GpuLine | None:
        """A GPU as lists show it; None for an unknown slug."""
        return gpu_line(self._catalogue, slug) if slug in self._catalogue.gpus else None

    def provider(self, slug: str) -> ProviderLine | None:
        """A provider as lists show it; None for an unknown slug."""
        return provider_line(self._catalogue, slug) if slug in self._catalogue.providers else None

    def price_ratio(self, one: str, other: str) -> Decimal | None:
        """What a GPU costs of another's price, at the median of the providers that sell both; None for too few."""
        return middle(price.a / price.b for price in shared_providers(self._catalogue, one, other))

    def term(self, provider: str, field: str) -> str | None:
        """What a provider states of a term in the usual case, in words; None where that is not known."""
        return term_words(self._catalogue, provider, field)

    def count(self, name: str) -> int:
        """How many providers, GPUs or offers are shown."""
        return counts(self._catalogue)[name]

    def change(self, gpu: str, days: int) -> Decimal | None:
        """The change of the on-demand median over so many days, as a ratio; None unless both ends were read by us."""
        return claims.median_change(self._catalogue, gpu, days)

    def sellers(self, gpu: str) -> tuple[str, ...]:
        """The slugs of the providers with a ranked price on demand, in order."""
        return claims.sellers_on_demand(self._catalogue, gpu)

    def in_stock(self, gpu: str) -> int:
        """How many providers said at the last check that they have it."""
        return claims.in_stock_n(self._catalogue, gpu)

    def floor_on(self, gpu: str, day: date) -> Decimal | None:
        """The lowest price on demand on a day, by our own observation; None where it is not known."""
        return claims.floor_on(self._catalogue, gpu, day)


@view
def guide_source(catalogue: Catalogue, slug: str) -> Guide:
    """A guide as it was reviewed, with its bindings."""
    return catalogue.guides[slug]


@view
def guide_text(catalogue: Catalogue, slug: str) -> FilledText:
    """A guide with today's figures."""
    return filled(catalogue, catalogue.guides[slug])


def filled(catalogue: Catalogue, reviewed: ReviewedText) -> FilledText:
    """A text with today's figures.  Raises BrokenContent for a binding that names nothing known."""
    lookup = CatalogueLookup(catalogue)
    summary, text = resolve(reviewed.summary, lookup, reviewed.file), resolve(reviewed.text, lookup, reviewed.file)
    return FilledText(
        summary.text,
        text.text,
        tuple(sorted({*summary.gpus, *text.gpus})),
        tuple(sorted({*summary.providers, *text.providers})),
        (*summary.missing, *text.missing),
        (*summary.false, *text.false),
    )


@aggregate
def published_guides(catalogue: Catalogue) -> tuple[Link, ...]:
    """Links to all guides, the newest first."""
    guides = sorted(catalogue.guides.values(), key=lambda guide: (-guide.published_on.toordinal(), guide.title))
    return tuple(Link(guide.title, urls.guide(guide.slug), guide.description) for guide in guides)


@aggregate
def guides_naming(catalogue: Catalogue, gpu: str) -> tuple[Link, ...]:
    """Guides that are about a GPU or name it."""
    named = {
        slug for slug in catalogue.guides if gpu in {*catalogue.guides[slug].gpus, *guide_text(catalogue, slug).gpus}
    }
    return tuple(link for link in published_guides(catalogue) if link.path in {urls.guide(slug) for slug in named})


@view
def methodology_version(catalogue: Catalogue, number: str) -> MethodologyVersion:
    """A published version of the methodology."""
    return catalogue.methodology_versions[number]


@view
def methodology_versions(catalogue: Catalogue) -> tuple[Link, ...]:
    """The published versions of the methodology, the newest first."""
    newest_first = reversed(list(catalogue.methodology_versions.values()))
    return tuple(
        Link(f"Version {one.number}", urls.methodology(str(one.number)), day(one.published_on)) for one in newest_first
    )


@aggregate
def method(catalogue: Catalogue) -> str:
    """Where it says how figures are made: the version in force, or the methodology where none is published."""
    newest = next(iter(methodology_versions(catalogue)), None)
    return newest.path if newest else urls.METHODOLOGY


@view
def methodology_text(catalogue: Catalogue) -> str:
    """The methodology with today's figures."""
    return resolve(catalogue.methodology, CatalogueLookup(catalogue), "content/methodology.md").text
