"""What the rules look at: a draft's sentences as a reader sees them, and what is known of the site around it."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from generator.desk.drafts import Draft, Others, Place
from generator.prose import bound
from generator.prose.bound import Binding, Block, Claim
from generator.prose.calls import Call, Lookup

BOUND = "\ufffc"
"""Stands in a shown text where a binding is."""

_LOOKALIKES = str.maketrans(
    "асеорхуіјѕԁһԛԝВЕКМНОРСТХАІЈЅαοινρυΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aceopxyijsdhqwBEKMHOPCTXAIJSaoivpuABEZHIKMNOPTYX"
)
"""Letters of other alphabets that look like Latin ones."""

PRICES = frozenset({"floor", "median", "spot_floor", "cost", "about"})
"""The bindings that show a price."""


@dataclass(frozen=True)
class Surroundings:
    """What the rules know beside the draft.

    `gpus` and `providers` are all names that people write, in lower case, with the slug; a chip with several variants
    ("h100") has the slugs of all of them in `variants`.  `has` tells whether a path, and an anchor on it, is on the
    site.  `others` are the words of the pages; `shown` is the text of the draft's own page.
    """

    lookup: Lookup
    gpus: Mapping[str, str]
    variants: Mapping[str, tuple[str, ...]]
    providers: Mapping[str, str]
    has: Callable[[str, str], bool]
    others: Others = field(default_factory=Others)
    shown: str = ""
    gate: str = "indexable"


@dataclass(frozen=True, slots=True)
class Letters:
    """A text as a reader sees it, in plain characters, and where each of them stands in the source."""

    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """From where to where a part of the text stands in the source."""
        return self.places[start], self.places[end - 1] + 1


@dataclass(frozen=True)
class Sentence:
    """A sentence: its letters, its bindings in order, and the claims that it is in."""

    letters: Letters
    bindings: tuple[Binding, ...]
    claims: tuple[Claim, ...]
    block: Block
    place: Place = "text"

    @property
    def text(self) -> str:
        """The letters; BOUND for each binding."""
        return self.letters.text

    @property
    def calls(self) -> tuple[Call, ...]:
        """The calls of its bindings."""
        return tuple(Call(one.source) for one in self.bindings)

    @property
    def has_price(self) -> bool:
        """Whether it shows a price."""
        return any(call.name in PRICES for call in self.calls)


class Subject:
    """A draft, and its words as sentences."""

    def __init__(self, draft: Draft, around: Surroundings) -> None:
        self.draft, self.around = draft, around
        self.document = bound.parse(draft.markdown)

    def of_other_pages(self) -> Iterator[tuple[str, Draft]]:
        """What other pages say and are to say, each with what people call it."""
        for slug, other in self.around.others.live.items():
            if slug != self.draft.slug:
                yield slug, other
        for slug, other in self.around.others.waiting.items():
            if slug != self.draft.slug:
                yield f"the draft of {slug}", other

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences of the text, in order, with those of title and description."""
        return (*self.of_text, *self._of_field("title"), *self._of_field("description"))

    @cached_property
    def of_text(self) -> tuple[Sentence, ...]:
        """The sentences of the text alone."""
        return tuple(sentences(self.document))

    def _of_field(self, place: Place) -> Iterator[Sentence]:
        words = self.draft.title if place == "title" else self.draft.description
        yield from sentences(bound.parse(words), place) if words else ()


def sentences(document: bound.Document, place: Place = "text") -> Iterator[Sentence]:
    """The sentences of a text, as a reader sees them."""
    for block in document.root.all():
        letters = _letters(block)
        spans = block.sentences or [(run.start, run.start + len(run.text)) for run in block.runs[:1]]  # code
        for start, end in spans:
            inside = [n for n, at in enumerate(letters.places) if start <= at < end]
            if inside:
                part = Letters(letters.text[inside[0] : inside[-1] + 1], letters.places[inside[0] : inside[-1] + 1])
                bindings = tuple(one for one in block.bindings if start <= one.start < end)
                claims = tuple(one for one in block.claims if one.start < end and one.end > start)
                yield Sentence(part, bindings, claims, block, place)


def _letters(block: Block) -> Letters:
    """What a block shows: compatibility characters as plain ones, nothing invisible, a binding as one character."""
    found: list[tuple[int, str]] = [(one.start, BOUND) for one in block.bindings]
    for run in block.runs:
        found += [(run.start + n, letter) for n, letter in enumerate(run.text)]
    text, places = [], []
    for at, letter in sorted(found):
        for plain in unicodedata.normalize("NFKC", letter).translate(_LOOKALIKES):
            if unicodedata.category(plain) not in {"Cf", "Mn"}:
                text.append(plain)
                places.append(at)
    return Letters("".join(text), tuple(places))
