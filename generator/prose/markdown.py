"""Markdown to safe HTML: CommonMark with tables, no raw HTML, sanitised.

Links go to https, http or a page of this site; those that leave it are marked nofollow.
"""

import re
from functools import lru_cache

from markupsafe import Markup

from generator.prose.characters import seen
from generator.prose.paragraphs import Html, paragraphs

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def literal(text: str) -> str:
    """Text from outside as Markdown that shows it literally, on one line.

    Invisible characters become a space.
    """
    return _PUNCTUATION.sub(r"\\\1", " ".join(seen(text, " ").split()))


def to_html(text: str, base: str = "") -> Markup:
    """Sanitised HTML; `base` is put before links of the form `/gpu/`, for a site under a subpath."""
    return render(text, base).html


@lru_cache(maxsize=4096)
def render(
    text: str, base: str = "", dead: frozenset[str] = frozenset(), taken: frozenset[str] | None = frozenset()
) -> Html:
    """Sanitised HTML, in which links to the addresses in `dead` are shown as text.

    Headings get ids, none of those in `taken`, so that they can be linked to; where that is None they get none.
    """
    return paragraphs(text, base, dead) or _parsed(text, base, dead, taken)


def _parsed(text: str, base: str, dead: frozenset[str], taken: frozenset[str] | None) -> Html:
    from generator.prose.parser import parsed  # noqa: PLC0415 (most builds meet no text that needs a parser)

    return parsed(text, base, dead, taken)
