"""Titles and descriptions that fit, by leaving out whole clauses."""

from collections.abc import Iterable

TITLE_LENGTH = 60
DESCRIPTION_LENGTH = 155


def title(*candidates: str) -> str:
    """The first candidate that fits a title; the last one, cut at a word, where none does."""
    for candidate in candidates:
        if len(candidate) <= TITLE_LENGTH:
            return candidate
    return candidates[-1][:TITLE_LENGTH].rsplit(" ", 1)[0]


def description(clauses: Iterable[str]) -> str:
    """Clauses joined as long as they fit a description; one that does not fit is left out."""
    text = ""
    for clause in clauses:
        longer = f"{text} {clause}".strip()
        if clause and len(longer) <= DESCRIPTION_LENGTH:
            text = longer
    return text
