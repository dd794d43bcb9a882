"""Paragraphs as our sentence templates write them, to HTML in one pass: a twentieth of what a Markdown parser takes.

Such a paragraph is one line of words, backslash escapes, links and bold prices, and nothing else; an empty line is
between two.  Which characters can get into the HTML is listed here, so it needs no sanitiser; any other text is left to
`parser`.
"""

import re
from collections.abc import Container
from typing import NamedTuple

from markupsafe import Markup

_WORDS = r"[^\W_]++|[ ,.;:%()$/+'×–−“”’…-]++"
_PUNCTUATION = r"[!-/:-@\[-`{-~]"
_PRICE = r"\$[\d,.]*\d(?: [A-Za-z-]+)*"
_LABEL = rf"(?:{_WORDS}|\\{_PUNCTUATION})++"
_INSIDE = r"/(?!/)[A-Za-z0-9/#.~-]*+"
_OUTSIDE = r"https?://(?:[a-z0-9]++(?:-[a-z0-9]++)*+\.)++[a-z]{2,}+(?:/[A-Za-z0-9/.~-]*+)?+"
_ESCAPED = re.compile(rf"\\({_PUNCTUATION})")
_MARK = re.compile(
    rf"\\(?P<escaped>{_PUNCTUATION})|\*\*(?P<price>{_PRICE})\*\*"
    rf"|\[(?P<label>{_LABEL})\]\((?:(?P<inside>{_INSIDE})|(?P<outside>{_OUTSIDE}))\)"
)
# It starts with a letter, a quotation mark, a link or a count, none of which starts a list, a table or a heading.
# No group is named in it: within a possessive repetition, Python 3.11 loses count of groups.
_PARAGRAPH = re.compile(
    r"(?=[^\W\d_]|“|\[|\d[\d,]*+ )"
    rf"(?:{_LABEL}|(?<= )\*\*{_PRICE}\*\*(?=[ .,;]|$)|\[{_LABEL}\]\((?:{_INSIDE}|{_OUTSIDE})\))++(?<! )"
)
_BASE = re.compile("(?:/[A-Za-z0-9.~-]+)*")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


class Html(NamedTuple):
    """Sanitised HTML, and the addresses of the text's links, including those that are shown as text."""

    html: Markup
    links: tuple[str, ...]


def paragraphs(text: str, base: str, dead: Container[str]) -> Html | None:
    """The HTML of such paragraphs, as the parser would have it; None where one is any other text, or with an odd base.

    An odd base is one that needs escaping.
    """
    parts = text.split("\n\n")
    if not (all(map(_PARAGRAPH.fullmatch, parts)) and _BASE.fullmatch(base)):
        return None
    links: list[str] = []

    def html(mark: re.Match[str]) -> str:
        if mark["escaped"]:
            return _shown(mark["escaped"])
        if mark["price"]:
            return f"<strong>{mark['price']}</strong>"
        label, href = _ESCAPED.sub(lambda found: _shown(found[1]), mark["label"]), mark["inside"] or mark["outside"]
        links.append(href)
        if href in dead:
            return label
        return f'<a href="{base}{href}">{label}</a>' if mark["inside"] else _outside(href, label)

    return Html(Markup("".join(f"<p>{_MARK.sub(html, part)}</p>\n" for part in parts)), tuple(links))  # noqa: S704


def _shown(character: str) -> str:
    return _ENTITIES.get(character, character)


def _outside(href: str, label: str) -> str:
    return f'<a href="{href}" rel="nofollow noopener">{label}</a>'
