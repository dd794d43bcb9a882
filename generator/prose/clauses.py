"""Titles and descriptions that fit, shortened by whole clauses."""

from collections.abc import Iterable

TITLE_LENGTH = 60
DESCRIPTION_LENGTH = 155


def title(*candidates: str) -> str:
    """The first candidate that fits a title; where none does, the last one, cut at a word."""
    for candidate in candidates:
        if len(candidate) <= TITLE_LENGTH:
            return candidate
    return candidates[-1][:TITLE_LENGTH].rsplit(" ", 1)[0]


def branded(title: str, site: str) -> str:
    """A title with the site's name at its end, where there is room for it and the title does not have it."""
    longer = f"{title} | {site}"
    return longer if len(longer) <= TITLE_LENGTH and site not in title else title


def description(clauses: Iterable[str]) -> str:
    """Clauses joined into a description; those that do not fit are left out.

    The first says what the page is about: where it does not fit, it is cut at a word.  Ends with a full stop.
    """
    first, *others = filter(None, clauses)
    text = first if len(first) <= DESCRIPTION_LENGTH else first[: DESCRIPTION_LENGTH - 1].rsplit(" ", 1)[0]
    for clause in others:
        longer = f"{text} {clause}"
        if len(longer) <= DESCRIPTION_LENGTH:
            text = longer
    ended = text.rstrip(" ,;:")
    return ended if ended.endswith((".", "!", "?")) else f"{ended}."


def listed(items: Iterable[str]) -> str:
    """Items as a sentence lists them: "one, two and three"."""
    *most, last = list(items) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def only_listed(shown: int, known: int, which: str) -> str:
    """A further sentence where only some are listed: " The 180 with the most providers are listed."; "" for all."""
    return f" The {shown:,} {which} are listed." if shown < known else ""
