"""What must be true of a site's indexable pages together: links in, clicks from home, how alike they are, how many."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from generator import urls
from generator.site import similarity
from generator.site.checked_page import CheckedPage, Finding
from generator.site.gates import INDEXABLE_BELOW
from generator.site.similarity import Nearest

LINKS_IN_AT_LEAST = 3
CLICKS_AT_MOST = 3
FACTS_AT_LEAST = 10  # pages with fewer are words, and compared as such
_UNKNOWN = "in no sitemap"
_FAR = 99


class TypeFigures(NamedTuple):
    """The figures of a page type's indexable pages: the worst of each kind, shares from 0 to 1."""

    page_type: str
    pages: int
    most_bytes: int
    most_clicks: int
    fewest_links_in: int
    words_alike: float
    facts_alike: float


@dataclass
class WholeSite:
    """The pages of a site by path; `types` by path, and what finds the paths that a page links to."""

    all_pages: Mapping[str, CheckedPage]
    types: Mapping[str, str]
    targets: Callable[[CheckedPage], Set[str]]

    def findings(self) -> Iterator[Finding]:
        """Everything that is not as it must be."""
        yield from self._links()
        yield from self._alike()
        if len(self.pages) >= INDEXABLE_BELOW:
            said = f"{len(self.pages):,} indexable pages; expected fewer than {INDEXABLE_BELOW:,}"
            yield Finding(urls.HOME, "budget", said, "warning")

    def figures(self) -> list[TypeFigures]:
        """The figures of each page type."""
        by_type: defaultdict[str, list[str]] = defaultdict(list)
        for path in self.pages:
            by_type[self._type(path)].append(path)
        return [self._figures(name, paths) for name, paths in sorted(by_type.items())]

    @cached_property
    def pages(self) -> dict[str, CheckedPage]:
        """The indexable pages."""
        return {path: page for path, page in self.all_pages.items() if page.is_indexable and path != urls.NOT_FOUND}

    @cached_property
    def leads(self) -> dict[str, Set[str]]:
        """The indexable pages that each links to."""
        return {path: self.targets(page) & self.pages.keys() - {path} for path, page in self.pages.items()}

    @cached_property
    def links_in(self) -> Counter[str]:
        """How many indexable pages link to each."""
        return Counter(target for targets in self.leads.values() for target in targets)

    @cached_property
    def clicks(self) -> dict[str, int]:
        """How many clicks each is from home, over indexable pages."""
        clicks = {urls.HOME: 0}
        front = {urls.HOME} & self.pages.keys()
        while front:
            step = max(clicks.values()) + 1
            front = {target for path in front for target in self.leads[path]} - clicks.keys()
            clicks |= dict.fromkeys(front, step)
        return clicks

    @cached_property
    def words_alike(self) -> dict[str, Nearest]:
        """The page whose words are most like each one's."""
        return similarity.words_alike(*self._texts())

    @cached_property
    def facts_alike(self) -> dict[str, Nearest]:
        """The page of the same type whose figures are most like each one's."""
        pages, types = self._texts()
        enough = {path: texts for path, texts in pages.items() if len(texts.facts) >= FACTS_AT_LEAST}
        return similarity.facts_alike(enough, types)

    def _texts(self) -> tuple[dict[str, similarity.Texts], dict[str, str]]:
        return {path: page.texts for path, page in self.pages.items()}, {path: self._type(path) for path in self.pages}

    def _type(self, path: str) -> str:
        return self.types.get(path, _UNKNOWN)

    def _links(self) -> Iterator[Finding]:
        least = min(LINKS_IN_AT_LEAST, len(self.pages) - 1)
        for path in self.pages.keys() - {urls.HOME}:
            if self.links_in[path] < least:
                said = f"{self.links_in[path]} indexable pages link here; expected {LINKS_IN_AT_LEAST}"
                yield Finding(path, "orphan", said, "warning")
            if self.clicks.get(path, _FAR) > CLICKS_AT_MOST:
                far = f"{self.clicks[path]} clicks from home" if path in self.clicks else "not reachable from home"
                yield Finding(path, "orphan", f"{far}; expected at most {CLICKS_AT_MOST}", "warning")

    def _alike(self) -> Iterator[Finding]:
        for path, near in self.words_alike.items():
            if near.share > similarity.ALIKE_AT_MOST:
                said = f"{near.share:.0%} of its words are those of {near.path}"
                yield Finding(path, "alike", f"{said}; expected at most {similarity.ALIKE_AT_MOST:.0%}", "warning")
        for path, near in self.facts_alike.items():
            if near.share > similarity.FACTS_ALIKE_AT_MOST:
                said = f"{near.share:.0%} of its figures are those of {near.path}"
                most = f"{similarity.FACTS_ALIKE_AT_MOST:.0%}"
                yield Finding(path, "alike", f"{said}; expected at most {most}", "warning")

    def _figures(self, name: str, paths: list[str]) -> TypeFigures:
        return TypeFigures(
            name,
            len(paths),
            max(self.pages[path].size for path in paths),
            max(self.clicks.get(path, _FAR) for path in paths),
            min(self.links_in[path] for path in paths),
            max((near.share for path in paths if (near := self.words_alike.get(path))), default=0.0),
            max((near.share for path in paths if (near := self.facts_alike.get(path))), default=0.0),
        )
