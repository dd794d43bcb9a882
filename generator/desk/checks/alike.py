"""Drafts that say what another page says."""

import re
from collections.abc import Iterator
from functools import lru_cache

from generator.desk.checks.form import Placed
from generator.desk.checks.subject import Subject
from generator.site.similarity import ALIKE_AT_MOST, RUN

_RATHER_ALIKE = 0.6
_FEWEST = 8  # words, below which a text tells nothing


def near_copies(subject: Subject) -> Iterator[Placed]:
    """Pages whose text shares four of five runs of five words with the draft's."""
    yield from (
        ("text", 0, len(subject.draft.markdown), line) for share, line in _alike(subject) if share > ALIKE_AT_MOST
    )


def rather_alike(subject: Subject) -> Iterator[Placed]:
    """Pages whose text shares three of five runs with the draft's, and not four."""
    found = (line for share, line in _alike(subject) if _RATHER_ALIKE < share <= ALIKE_AT_MOST)
    yield from (("text", 0, len(subject.draft.markdown), line) for line in found)


def _alike(subject: Subject) -> Iterator[tuple[float, str]]:
    own = _runs(subject.draft.markdown)
    for name, other in subject.of_other_pages():
        theirs = _runs(other.markdown)
        if own and theirs:
            share = len(own & theirs) / min(len(own), len(theirs))
            yield share, f"{share:.0%} of it is in {name}"


@lru_cache(maxsize=512)
def _runs(text: str) -> set[tuple[str, ...]]:
    """The runs of words; the arguments of bindings are left out, since pages of a type differ in them first."""
    words = re.findall(r"\w+", re.sub(r"\{\{\s*(\w+)[^}]*\}\}|\{%[^%]*%\}", r" \1 ", text).casefold())
    return {tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)} if len(words) >= _FEWEST else set()
