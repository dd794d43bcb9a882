"""How alike a site's pages are: in their words, and in the figures of their tables.

Words that most pages of a type share, such as headings and notes, tell nothing of a page and are left out.  What is
left is compared in runs of five words.  Likely pairs are found by the smallest hashes that two pages have in common,
and then compared exactly, so that thousands of pages take seconds.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import combinations
from typing import Any, NamedTuple

import xxhash

RUN = 5  # words
ALIKE_AT_MOST = 0.8
FACTS_ALIKE_AT_MOST = 0.6  # so that two pages differ in 40 % of their figures at least
_SKETCH = 32  # pages that are half alike have one of so many smallest hashes in common, but for one pair in 10^9
_CROWD = 200  # a hash that so many pages have tells nothing
_SHARED = 2  # a text on one page in so many of a type is a label
_FEW = 4  # of so few pages, none


class Texts(NamedTuple):
    """What a page says: the texts of its main part in order, and its facts, (row, column, value)."""

    texts: tuple[str, ...]
    facts: frozenset[tuple[str, ...]]


class Nearest(NamedTuple):
    """The page that is most like another, and how much, 0 to 1."""

    path: str
    share: float


def texts_of(main: Any) -> Texts:
    """What the main part of a page says; charts are left out, their tables are not."""
    said = (text.strip() for text in main.xpath(".//text()[not(ancestor::svg or ancestor::script)]"))
    return Texts(tuple(filter(None, said)), frozenset(_facts(main)))


def _facts(main: Any) -> Iterator[tuple[str, ...]]:
    for row in main.iter("tr"):
        cells = [" ".join(cell.itertext()).strip() for cell in row if cell.tag in {"th", "td"}]
        if row.getparent().tag != "thead":
            yield from ((cells[0], str(column), value) for column, value in enumerate(cells[1:]))
    for line in main.iter("dl"):
        for one in line.iterchildren("div"):
            yield tuple(" ".join(part.itertext()).strip() for part in one)


def words_alike(pages: Mapping[str, Texts], types: Mapping[str, str]) -> dict[str, Nearest]:
    """Of each page, by path, the one whose words are most like its own; without those that are like no other."""
    labels = _labels(pages, types)
    return _nearest({path: _runs(page.texts, labels[types[path]]) for path, page in pages.items()})


def facts_alike(pages: Mapping[str, Texts], types: Mapping[str, str]) -> dict[str, Nearest]:
    """Of each page, the one of its type whose figures are most like its own."""
    by_type: defaultdict[str, dict[str, Set[int]]] = defaultdict(dict)
    for path, page in pages.items():
        by_type[types[path]][path] = {_hashed("\t".join(fact)) for fact in page.facts}
    return {path: nearest for same in by_type.values() for path, nearest in _nearest(same).items()}


def _labels(pages: Mapping[str, Texts], types: Mapping[str, str]) -> dict[str, Set[str]]:
    """The texts that many pages of a type share."""
    seen: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for path, page in pages.items():
        seen[types[path]].update(set(page.texts))
    many = Counter(types[path] for path in pages)
    return {
        name: {text for text, n in texts.items() if many[name] >= _FEW and n * _SHARED >= many[name]}
        for name, texts in seen.items()
    }


def _runs(texts: Sequence[str], labels: Set[str]) -> Set[int]:
    words = " ".join(text for text in texts if text not in labels).lower().split()
    return {_hashed(" ".join(words[at : at + RUN])) for at in range(max(len(words) - RUN + 1, 0))}


def _nearest(sets: Mapping[str, Set[int]]) -> dict[str, Nearest]:
    found: dict[str, Nearest] = {}
    for one, other in _likely(sets):
        share = len(sets[one] & sets[other]) / len(sets[one] | sets[other])
        for path, near in ((one, other), (other, one)):
            if path not in found or found[path].share < share:
                found[path] = Nearest(near, share)
    return found


def _likely(sets: Mapping[str, Set[int]]) -> Iterable[tuple[str, str]]:
    having: defaultdict[int, list[str]] = defaultdict(list)
    for path in sorted(sets):
        for value in sorted(sets[path])[:_SKETCH]:
            having[value].append(path)
    crowds = (paths for paths in having.values() if 1 < len(paths) <= _CROWD)
    return sorted({pair for paths in crowds for pair in combinations(paths, 2)})


def _hashed(text: str) -> int:
    return xxhash.xxh3_64_intdigest(text.encode())
