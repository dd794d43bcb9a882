"""What charts share: escaped text, coordinates, and the outer element.

Each chart writes its elements as f-strings; a name or label in them goes through `text`, figures need no escaping.
"""

import re
from decimal import Decimal
from functools import lru_cache
from html import escape

_LAST_WORD = re.compile(r"[ _/-][^ _/-]*$|^[^ _/-]*$")
_WHOLE = "100%"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@lru_cache(maxsize=16384)
def text(words: str) -> str:
    """Text escaped for an element or an attribute; characters that XML forbids are left out."""
    return escape(_NOT_XML.sub("", words), quote=True)


def chart(kind: str, title: str, description: str, height: int, *children: str, width: str = _WHOLE) -> str:
    """The outer element: as wide as its box, `height` pixels high; screen readers are told title and description only.

    With another `width`, which the style sheet may change, what is drawn may reach beyond it.  The title is no element,
    which browsers would show over the values that a script shows.
    """
    beyond = "" if width == _WHOLE else ' overflow="visible"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart chart-{kind}" role="img" aria-label="{text(title)}" '
        f'width="{width}" height="{height}"{beyond}><desc>{text(description)}</desc>'
        f'<g aria-hidden="true">{"".join(children)}</g></svg>'
    )


def shortened(words: str, most: int) -> str:
    """A label of at most `most` characters, cut between words, to fit a chart on a phone; its table has it in full.

    Only a single word that is longer than that is cut itself.
    """
    if len(words) <= most:
        return words
    cut = _LAST_WORD.sub("", words[:most])
    return (cut or words[: most - 1]).rstrip(" ,;:-/_") + "…"


def part(of_width: Decimal | float) -> str:
    """A share of the width, 0 to 1: "37.5%"."""
    return _without_zeros(f"{of_width * 100:.2f}") + "%"


def number(value: Decimal | float) -> str:
    """A coordinate with at most one decimal."""
    return _without_zeros(f"{value:.1f}")


def _without_zeros(shown: str) -> str:
    short = shown.rstrip("0").rstrip(".")
    return "0" if short == "-0" else short
