"""A page as Markdown for programs: all that its template says of its model, without charts, menus and forms.

It is read from the page as rendered, so that no word, figure or link of it can be another than the page's.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import orjson

from generator.model.page import Page
from generator.site.render import Rendered

_LEFT_OUT = {"nav", "svg", "script", "style", "button", "form"}
_HEADINGS = {f"h{level}": "#" * level for level in range(1, 7)}
_PARTS = {"address", "article", "aside", "details", "div", "dl", "figcaption", "figure", "footer", "main", "section"}
_BLOCKS = {*_HEADINGS, *_PARTS, "blockquote", "hr", "ol", "p", "pre", "summary", "table", "ul"}
_MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*"}
_CANONICAL = re.compile(rb'<link rel="canonical" href="([^"]*)"')
_BANNER = re.compile(rb'<aside class="banner".*?</aside>', re.DOTALL)
_MAIN, _MAIN_ENDS = b"<main", b"</main>"
_IN_FRAME = ".//aside[@class='banner'] | .//footer//section[position() < last()]"
_MARKUP = re.compile(r"[\\`*\[\]|~]|(?<!\w)_|_(?!\w)")  # within a name such as gpu_1x_a100, _ marks nothing
_ENCODED = str.maketrans({char: f"%{ord(char):02X}" for char in " ()<>"})  # would end an address, or be HTML
_ENTITY = re.compile(r"&(?=#?\w+;)")
_OPENING = re.compile(r"^(\d*)(?=(?:[-+]|#{1,6}|(?<=\d)[.)])(?:\s|$)|>|-{3,}$)")  # of a list, a heading, a quotation


def page_markdown(page: Page, rendered: Rendered) -> bytes:
    """The page, opened by its title, description and address as YAML."""
    before, main, after = _parted(rendered.html)
    canonical = _CANONICAL.search(before)
    address = unescape(canonical[1].decode()) if canonical else ""
    facts = {"title": page.title, "description": page.description, "url": address}
    front = "".join(f"{name}: {orjson.dumps(value).decode()}\n" for name, value in facts.items())
    banner, writer = _BANNER.search(before), _Writer(address)
    own = [block for part in _parsed(main).iter("main") for block in writer.blocks(part)]
    blocks = [*_of_frame(banner[0] if banner else b"", address), *own, *_of_frame(after, address)]
    return f"---\n{front}---\n\n{_joined(blocks)}\n".encode()


def _parted(html: bytes) -> tuple[bytes, bytes, bytes]:
    """A page's main part, and what stands before and after it."""
    starts, ends = html.index(_MAIN), html.rindex(_MAIN_ENDS) + len(_MAIN_ENDS)
    return html[:starts], html[starts:ends], html[ends:]


def _parsed(html: bytes) -> Any:
    from lxml import etree  # noqa: PLC0415 (builds that make no page need no parser)

    return etree.fromstring(b"<body>" + html, etree.HTMLParser(encoding="utf-8"))


def _of_frame(html: bytes, address: str) -> tuple[str, ...]:
    parts = urlsplit(address)
    return _shared(html, f"{parts.scheme}://{parts.netloc}") if html else ()


@lru_cache(maxsize=16)
def _shared(html: bytes, origin: str) -> tuple[str, ...]:
    """The blocks of what most pages have around their main part, read once."""
    writer = _Writer(origin)
    return tuple(block for part in _parsed(html).xpath(_IN_FRAME) for block in writer.blocks(part))


class _Writer:
    """Writes the elements of the page at an address; links get absolute addresses."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._address, self._origin = address, f"{parts.scheme}://{parts.netloc}"

    def blocks(self, element: Any) -> Iterator[str]:
        """The blocks of an element; words that stand between them are paragraphs."""
        words = [_text(element.text)]
        for child in element:
            if child.tag in _BLOCKS:
                yield from _paragraph(words)
                words = []
                yield from self._block(child)
            else:
                words.append(self._inline(child))
            words.append(_text(child.tail))
        yield from _paragraph(words)

    def _block(self, element: Any) -> Iterator[str]:
        tag = element.tag
        if tag in _HEADINGS:
            yield f"{_HEADINGS[tag]} {self._line(element)}"
        elif tag == "table":
            yield from self._table(element)
        elif tag in {"ul", "ol"}:
            yield from self._list(element)
        elif tag == "dl":
            yield "\n".join(self._facts(element))
        elif tag == "blockquote":
            yield re.sub("^", "> ", _joined(self.blocks(element)), flags=re.MULTILINE)
        elif tag == "pre" and "<" not in (text := "".join(element.itertext())):
            yield re.sub("^", "    ", text.rstrip(), flags=re.MULTILINE)
        elif tag == "summary":
            yield from (block for heading in element.iterfind("h2") for block in self._block(heading))
        elif tag == "hr":
            yield "---"
        else:
            yield from self.blocks(element)

    def _table(self, table: Any) -> Iterator[str]:
        for caption in table.iterfind("caption"):
            yield f"*{self._line(caption)}*"
        rows = [[self._line(cell) for cell in row.iter("th", "td")] for row in table.iter("tr")]
        if rows:
            rows.insert(1, ["---"] * len(rows[0]))
            yield "\n".join(f"| {' | '.join(row)} |" for row in rows)

    def _list(self, element: Any) -> Iterator[str]:
        items = []
        for number, item in enumerate(element.iterfind("li"), int(element.get("start", 1))):
            mark = f"{number}. " if element.tag == "ol" else "- "
            items.append(mark + _joined(self.blocks(item)).replace("\n", "\n" + " " * len(mark)))
        if items:
            yield "\n".join(items)

    def _facts(self, element: Any) -> Iterator[str]:
        for term in element.iter("dt"):
            values = "; ".join(self._line(value) for value in term.itersiblings("dd"))
            yield f"- {self._line(term)}: {values}"

    def _line(self, element: Any) -> str:
        """All of an element in one line."""
        return _collapsed(self._words(element) if len(element) else _text(element.text))

    def _words(self, element: Any) -> str:
        said = [_text(element.text)]
        for child in element:
            said += (" " if child.tag in _BLOCKS else "", self._inline(child), _text(child.tail))
        return "".join(said)

    def _inline(self, element: Any) -> str:
        tag = element.tag
        if tag in _LEFT_OUT or tag == "summary" or element.get("aria-hidden"):
            return ""
        words = " " if tag == "br" else self._words(element) if len(element) else _text(element.text)
        if tag == "a" and words.strip():
            return f"[{words.strip()}]({self._target(element.get('href', ''))})"
        look = element.get("class", "")
        if look.startswith("tag"):
            return f"({words})"
        if tag == "code" or look == "id":
            return _code("".join(element.itertext())) or words
        mark = _MARKS.get(tag, "") if words.strip() else ""
        return f"{mark}{words}{mark}"

    def _target(self, href: str) -> str:
        if href.startswith("#"):
            href = self._address + href
        elif href.startswith("/") and not href.startswith("//"):
            href = self._origin + href
        return href.translate(_ENCODED)


def _joined(blocks: Iterable[str]) -> str:
    return "\n\n".join(block for block in blocks if block)


def _paragraph(words: list[str]) -> Iterator[str]:
    if line := _collapsed("".join(words)):
        yield _OPENING.sub(r"\1\\", line)


def _collapsed(words: str) -> str:
    return " ".join(words.split())


@lru_cache(maxsize=16384)
def _text(text: str | None) -> str:
    """Text in which nothing is markup, of Markdown or HTML."""
    if not text or text.isspace():
        return " " if text else ""
    return _MARKUP.sub(r"\\\g<0>", _ENTITY.sub("&amp;", text)).replace("<", "&lt;")


def _code(text: str) -> str:
    """A name verbatim; "" where it could end the code or a table's cell."""
    name = _collapsed(text)
    return "" if not name or set(name) & set("`|<&\\") else f"`{name}`"
