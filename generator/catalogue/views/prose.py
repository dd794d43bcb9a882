"""Guides and the methodology, with today's figures filled in."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

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
from generator.errors import BrokenContent
from generator.formats import day
from generator.model.blocks import GpuLine, Link, ProviderLine
from generator.prose.bindings import plain, resolve
from generator.prose.methodology_versions import MethodologyVersion
from generator.prose.texts import Citation, Guide, Prose, ReviewedText


class FilledText(NamedTuple):
    """A text's Markdown with its bindings resolved, the slugs that it names, and what has no value or does not hold."""

    summary: str
    text: str
    gpus: tuple[str, ...]
    providers: tuple[str, ...]
    missing: tuple[str, ...]
    false: tuple[str, ...] = ()


class FilledProse(NamedTuple):
    """A page's reviewed words with today's figures: "" for what has none today.

    `missing` and `false` are the bindings and claims whose sentences were left out.
    """

    title: str
    description: str
    text: str
    nodes: tuple[Mapping[str, Any], ...]
    missing: tuple[str, ...]
    false: tuple[str, ...]
    reviewed: tuple[str, date] | None


class CatalogueLookup:
    """What bindings may look up, from the catalogue, and from the sources that the text cites."""

    def __init__(self, catalogue: Catalogue, sources: Iterable[Citation] = ()) -> None:
        self._catalogue, self._sources = catalogue, sources

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

    def source(self, name: str) -> Citation | None:
        """One of the text's own sources; None for another."""
        return next((one for one in self._sources if one.id == name), None)

    def count(self, name: str) -> int:
        """How many providers, GPUs or offers are shown."""
        return counts(self._catalogue)[name]

    def change(self, gpu: str, days: int) -> Decimal | None:
        """The change of the on-demand median over so many days, as a ratio; None unless both ends were read by us."""
        return claims.median_change(self._catalogue, gpu, str(days))

    def sellers(self, gpu: str) -> tuple[str, ...]:
        """The slugs of the providers with a ranked price on demand, in order."""
        return claims.sellers_on_demand(self._catalogue, gpu)

    def in_stock(self, gpu: str) -> int:
        """How many providers said at the last check that they have it."""
        return claims.in_stock_n(self._catalogue, gpu)

    def floor_on(self, gpu: str, day: date) -> Decimal | None:
        """The lowest price on demand on a day, by our own observation; None where it is not known."""
        return claims.floor_on(self._catalogue, gpu, day.isoformat())


@view
def reviewed_words(catalogue: Catalogue, slug: str) -> FilledProse | None:
    """The reviewed words of a page, by its slug; None for a page of its type's own words.

    Words that name something unknown are None, too: no text makes a page disappear.
    """
    prose = catalogue.prose.get(slug)
    if prose is None:
        return None
    try:
        return _filled_prose(prose, CatalogueLookup(catalogue))
    except BrokenContent:
        return None


def _filled_prose(prose: Prose, lookup: CatalogueLookup) -> FilledProse:
    title, description, text = (
        resolve(words, lookup, prose.slug) for words in (prose.title, prose.description, prose.text)
    )
    data = prose.structured_data
    nodes = data.get("@graph", [data] if data else [])
    return FilledProse(
        plain(title.text) if not (title.missing or title.false) else "",
        plain(description.text) if not (description.missing or description.false) else "",
        text.text,
        tuple(found for node in nodes if (found := _filled_node(node, lookup, prose.slug))),
        text.missing,
        text.false,
        (prose.reviewed_by, prose.reviewed_on) if prose.reviewed_by and prose.reviewed_on else None,
    )


def _filled_node(node: Any, lookup: CatalogueLookup, slug: str) -> Any:
    """A part of JSON-LD with its figures; None for one with a figure that has no value today."""
    if isinstance(node, str):
        found = resolve(node, lookup, slug) if "{{" in node else None
        return node if found is None else None if found.missing else plain(found.text)
    if isinstance(node, Mapping):
        filled_ = {name: _filled_node(value, lookup, slug) for name, value in node.items() if name != "@context"}
        return None if None in filled_.values() else filled_
    if isinstance(node, list):
        return [found for one in node if (found := _filled_node(one, lookup, slug)) is not None]
    return node


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
    lookup = CatalogueLookup(catalogue, reviewed.sources)
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
