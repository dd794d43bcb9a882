"""The visible text of an HTML page, as one sees it on a wide screen; all scrapers read text in this way.

Left out is text that is struck through (del, s, strike, line-through) or not shown: scripts, hidden elements, copies
for screen readers.  `aria-hidden` hides from screen readers only and is read, unless it is a price right beside another
price: then it is a copy, and the other one counts.  Only style attributes and class names are known of the style.

Blocks, line breaks and cells separate words; comments and invisible characters don't.  Nor does an inline element, but
two side by side may be columns, and so may text in a flex row: across their borders, text is joined only where it can't
be two things.  A border inside a number is kept, and "$2|69" is not a price.  A number raised after another is marked,
"$11^99", and `scrapers.parse` tells cents from a footnote; after a word it is a footnote, and left out.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

import lxml.etree
import lxml.html


class Begin(NamedTuple):
    """The start of an element, with its tag and attributes."""

    tag: str
    attributes: Mapping[str, str]


class Rendering(NamedTuple):
    """The marks for an element's borders, and whether its content is read."""

    begin: str
    end: str
    is_read: bool = True


Piece = str | Begin | None
"""A text, the start of an element, or None for its end."""

# Marks in a page's text for the borders of its elements; these characters are removed from the text itself.
_INLINE, _END, _RAISED, _SPAN, _COPY, _COPIED = "\u2061", "\u2062", "\u2063", "\u2064", "\ufff9", "\ufffb"
_BLOCK, _CELL = "\x1e", "\x1f"  # which Python counts as white space

_INLINE_TAGS = frozenset(
    ("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "dfn", "em", "font", "i", "ins", "kbd",
     "label", "mark", "nobr", "output", "q", "ruby", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u",
     "var", "wbr")
)  # fmt: skip
# Inline elements that only change how text looks, so that letters across their borders make one word.
_TYPOGRAPHIC_TAGS = frozenset(("b", "big", "em", "font", "i", "ins", "mark", "nobr", "strong", "sub", "u", "wbr"))
_NEVER_SHOWN = frozenset(
    ("audio", "canvas", "datalist", "head", "iframe", "noscript", "object", "rp", "script", "style", "template",
     "title", "video")
)  # fmt: skip
_CELLS = frozenset(("td", "th"))
_STRUCK_TAGS = frozenset(("del", "s", "strike"))
# The ways in which style hides text, moving it off the screen included.
_HIDDEN_STYLE = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|font-size:0(?![.\d]*[1-9])"
    r"|(?:left|top|text-indent):-\d{3}|clip:rect\(0|clip-path:inset\(50%"
)
# Any display that is not inline makes a block.
_BLOCK_STYLE = re.compile(r"(?<![\w-])display:(?!none|contents|inline(?![-\w]))")
# Class names of the common frameworks (Bootstrap, Tailwind, Webflow) that hide text.
_HIDDEN_CLASS = re.compile(
    r"sr-?only|visually-?hidden|screen-?reader|hidden-?visually|off-?screen"
    r"|^(?:(?:is-|u-)?hidden|d-none|hide|invisible|w-condition-invisible|(?:sm|md|lg|xl):hidden|d-(?:sm|md|lg|xl)-none)$",
    re.IGNORECASE,
)
_SHOWN_CLASS = re.compile(  # shown on a wide screen, hidden on a narrow one
    r"^(?:(?:sm|md|lg|xl):|d-(?:sm|md|lg|xl)-)(?:block|flex|grid|inline.*|table.*|contents|visible|not-sr-only)$|^not-sr-only$"
)
# Class names for struck text, and for old prices, which such a class may strike.
_STRUCK_CLASS = re.compile(
    r"line-?through|strike-?through|crossed-?out|(?:^|[-_:])(?:struck|strike)"
    r"|(?:^|[-_])(?:old|was|previous|before)[-_]?price|price[-_]*(?:old|was|previous|before)(?![a-z])",
    re.IGNORECASE,
)
# Class names and style that raise digits, as of cents.
_RAISED_LOOK = re.compile(
    r"(?:^|[\s_-])(?:cents?|fraction|superscript|sup|align-super)(?:[\s_-]|$)|vertical-align:super"
)

_MARKS = f"{_INLINE}{_END}{_RAISED}{_SPAN}{_COPY}{_COPIED}"
_INVISIBLE = f"{_MARKS}\xad\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0xFFE1: "£", 0xFFE5: "¥", 0xFE69: "$"}
_PLAIN = {0xA6: "|"} | _NARROW | dict.fromkeys(map(ord, _INVISIBLE)) | dict.fromkeys((0x1E, 0x1F), " ")
# Superscript digits, after a number or not.
_POWERS = re.compile(r"((?<![A-Za-z\d.,])[\d.,]*\d)?([⁰¹²³⁴-⁹]+)")
_POWER_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")

_GAP = re.compile(rf"([\s{_MARKS}]+)")
_NEAR = 40  # how many characters on either side of a gap are looked at
_JOINED = re.compile(  # two parts of a price, or a word and its punctuation
    r"[$€£₹¥]¦[\d.]|(?<![A-Za-z])(?:US|AU?|CA?|HK|MX|NT|NZ|R|SG?)¦\$|[\d$€£₹¥][.,]¦\d|¦[/.,:;)%*^]"
)
_JOINED_IN_TEXT = re.compile(  # parts of a name: "L40<b>S</b>", "H<b>100</b>"; not "24 GB<b>8 vCPU</b>"
    r"\d¦(?:[A-Z]{1,2}|[x×])$|(?<!\w)[A-Z]¦\d|[^\w$€£₹¥)%]¦\w"
)
_LETTERS = re.compile(r"[^\W\d]¦[^\W\d]")
# A border between two digits of what may be a price.
_IN_A_PRICE = re.compile(r"(?:[$€£₹¥][\d.,]*|(?<![A-Za-z\d.,])\d*[.,]\d*)\d¦\d")
_NUMBER = re.compile(r"(?<![A-Za-z\d.,])\.?\d[\d.,]*+$")
_FOOTNOTE = re.compile(r"[\d,*†‡§®™()\[\]]{1,5}|TM|SM|[a-z]")
# A price beside its copy with `aria-hidden`, on either side.
_ONE_PRICE = rf"[^\s$€£₹¥{_COPY}{_COPIED}]{{0,4}}[$€£₹¥] ?[\d.][^\s{_COPY}{_COPIED}]{{0,20}}"
_COPY_BEFORE = re.compile(rf"{_COPY} ?{_ONE_PRICE} ?{_COPIED}(?= ?{_ONE_PRICE})")
_COPY_AFTER = re.compile(rf"({_ONE_PRICE} ?){_COPY} ?{_ONE_PRICE} ?{_COPIED}")
_COPY_MARKS = str.maketrans("", "", f"{_COPY}{_COPIED}")


def visible_text(element: lxml.html.HtmlElement, *, cells: bool = False) -> str:
    """The visible text of an element or a page, in one line; with `cells`, a tab stands before each table cell."""
    return text_of_pieces(_pieces(element), cells=cells)


def text_of_pieces(pieces: Iterable[Piece], *, cells: bool = False) -> str:
    """The visible text of pieces of markup, in order and balanced; see `visible_text`."""
    text = _without_copies("".join(_joined("".join(_marked(pieces))))).strip()
    return text.replace(_CELL, "\t") if cells else re.sub(f"{_CELL}+", " ", text)


def plain(text: str) -> str:
    """Text without invisible characters, full-width ones as normal ones; a number raised after another is "11^99"."""
    return _POWERS.sub(_power, text.translate(_PLAIN))


def _power(found: re.Match[str]) -> str:
    return f"{found[1]}^{found[2].translate(_POWER_DIGITS)}" if found[1] else ""


def is_visible(element: lxml.html.HtmlElement) -> bool:
    """Whether neither the element nor one around it is hidden or struck through."""
    return all(_rendering(_begin(one)).is_read for one in (element, *element.iterancestors()))


def _pieces(element: lxml.html.HtmlElement) -> Iterator[Piece]:
    """An element and its content, without comments and without the text after it."""
    for event, node in lxml.etree.iterwalk(element, ("start", "end", "comment", "pi")):
        if event == "start":
            yield _begin(node)
        elif event == "end":
            yield None
        text = node.text if event == "start" else None if node is element else node.tail
        if text:
            yield text


def _marked(pieces: Iterable[Piece]) -> Iterator[str]:
    """The texts that are visible, with marks for the borders between them."""
    ends: list[str] = []
    unread = 0  # how many levels deep in an element that is not read
    for piece in pieces:
        if isinstance(piece, str):
            yield "" if unread else plain(piece)
        elif piece is None:
            unread -= bool(unread)
            yield "" if unread else ends[-1]
            ends.pop()
        else:
            rendering = _rendering(piece)
            yield "" if unread else rendering.begin
            unread += bool(unread) or not rendering.is_read
            ends.append(rendering.end)


def _begin(element: lxml.etree._Element) -> Begin:
    return Begin(str(element.tag), {str(name): str(value) for name, value in element.attrib.items()})


def _rendering(element: Begin) -> Rendering:
    of = element.attributes.get
    return _cached_rendering(
        element.tag, of("class", ""), of("style", ""), "hidden" in element.attributes, of("aria-hidden") == "true"
    )


@lru_cache(maxsize=4096)
def _cached_rendering(tag: str, classes: str, style: str, is_hidden: bool, is_copy: bool) -> Rendering:
    style = re.sub(r"\s", "", style.lower())
    names = classes.split()
    if tag in ("html", "body"):  # if hidden, then only until a script has run
        return Rendering(_BLOCK, _BLOCK)
    if tag in _NEVER_SHOWN or is_hidden or _HIDDEN_STYLE.search(style) or _are_hidden(names):
        return Rendering("", "", is_read=False)
    if tag in _STRUCK_TAGS or "line-through" in style or any(map(_STRUCK_CLASS.search, names)):
        return Rendering(" ", "", is_read=False)
    begin, end = _borders(tag, f"{classes} {style}")
    return Rendering(begin + _COPY, _COPIED + end) if is_copy else Rendering(begin, end)


def _are_hidden(names: list[str]) -> bool:
    return any(map(_HIDDEN_CLASS.search, names)) and not any(map(_SHOWN_CLASS.search, names))


def _borders(tag: str, style: str) -> tuple[str, str]:
    if tag == "wbr":
        return "", ""
    if tag in _CELLS:
        return _CELL, _BLOCK
    is_inline = tag in _INLINE_TAGS or "-" in tag  # <price-tag>, an element of the page's own, is inline
    if not is_inline or _BLOCK_STYLE.search(style):
        return _BLOCK, _BLOCK
    if tag == "sup" or _RAISED_LOOK.search(style):
        return _RAISED, _END
    return (_INLINE, _END) if tag in _TYPOGRAPHIC_TAGS else (_INLINE + _SPAN, _SPAN + _END)


def _joined(text: str) -> Iterator[str]:
    """The words, with a space, a cell's border or nothing between them."""
    first, *rest = _GAP.split(text)
    yield first
    left = first[-_NEAR:]
    for gap, word in zip(rest[::2], rest[1::2], strict=True):
        if _is_footnote(left, gap, word):
            continue
        joint = _joint(left, gap, word[:_NEAR])
        yield f"{_COPIED * gap.count(_COPIED)}{joint}{_COPY * gap.count(_COPY)}{word}"
        left = f"{left}{joint}{word[-_NEAR:]}"[-_NEAR:]


def _is_footnote(left: str, gap: str, word: str) -> bool:
    is_behind_a_word = left[-1:].isalnum() and not _NUMBER.search(left)
    return _RAISED in gap and is_behind_a_word and bool(_FOOTNOTE.fullmatch(word))


def _joint(left: str, gap: str, right: str) -> str:
    """What is put between two pieces of text."""
    if _CELL in gap:
        return _CELL * gap.count(_CELL)
    if _BLOCK not in gap and _RAISED in gap and right[:1].isdigit() and _NUMBER.search(left):
        return "^"
    if any(map(str.isspace, gap)):
        return " "
    pair = f"{left}¦{right}"
    if _IN_A_PRICE.search(pair):
        return "|"
    is_in_text = _INLINE not in gap.partition(_END)[2]  # not between two elements
    is_joined = _JOINED.search(pair) or (
        is_in_text and (_JOINED_IN_TEXT.search(pair) or (_SPAN not in gap and _LETTERS.search(pair)))
    )
    return "" if is_joined else " "


def _without_copies(text: str) -> str:
    """The text without copies: of two prices side by side, one with `aria-hidden` repeats the other."""
    return _COPY_AFTER.sub(r"\1", _COPY_BEFORE.sub("", text)).translate(_COPY_MARKS)
