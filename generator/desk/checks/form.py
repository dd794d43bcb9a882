"""The form of a draft: no HTML, no pictures, headings in order, links that lead somewhere, titles of its own."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from generator.catalogue.views.link_targets import path_and_anchor, target
from generator.desk.checks.subject import Subject
from generator.desk.drafts import Place
from generator.errors import BrokenContent
from generator.prose import bindings
from generator.prose.bound import Block
from generator.prose.texts import DESCRIPTION_LENGTH, TITLE_LENGTH

Placed = tuple[Place, int, int, str]
"""A place, from where to where in its source, and the message."""

_HTML = re.compile(r"<[A-Za-z/!?][^<>]*>?|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_IMAGE = re.compile(
    r"!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])?|\bdata:image/|\.(?:png|jpe?g|gif|svg|webp|avif)\b", re.IGNORECASE
)
_LINK = re.compile(r"\[([^\]\[]*)\]\(\s*<?([^)\s>]*)>?[^)]*\)")
_SCHEME = re.compile(r"(?:javascript|data|vbscript|file|ftp|mailto|tel|blob|about):", re.IGNORECASE)
_BARE = re.compile(r"(?<![\w(\"<])(?<!: )(?:https?://|www\.)\S+", re.IGNORECASE)
_UNDEFINED = re.compile(r"\[[^\]]*\]\[[^\]]*\]")


def raw_html(subject: Subject) -> Iterator[Placed]:
    """HTML, entities and addresses in angle brackets, outside code."""
    for place, text in _fields(subject):
        for found in _HTML.finditer(_without_code(text)):
            yield place, *found.span(), f'"{found[0]:.40}" is HTML; expected Markdown'


def images(subject: Subject) -> Iterator[Placed]:
    """Pictures."""
    for place, text in _fields(subject):
        for found in _IMAGE.finditer(_without_code(text)):
            yield place, *found.span(), f'"{found[0]:.40}" is a picture; expected words'


def titles(subject: Subject) -> Iterator[Placed]:
    """A title that is too long as shown today, or another page's."""
    yield from _length_and_others(subject, "title", TITLE_LENGTH)


def descriptions(subject: Subject) -> Iterator[Placed]:
    """A description that is too long as shown today, or another page's."""
    yield from _length_and_others(subject, "description", DESCRIPTION_LENGTH)


def headings(subject: Subject) -> Iterator[Placed]:
    """Headings of the first level, levels that are left out, and headings without words."""
    level = 1
    for block in _headings(subject.document.root):
        start, text = _line(subject, block)
        if block.level == 1:
            yield "text", start, start + len(text), "a heading of the first level; the page has its own: expected ##"
        elif block.level > level + 1:
            yield "text", start, start + len(text), f"a heading of level {block.level} follows level {level}"
        if not text.strip("# \t"):
            yield "text", start, start + max(len(text), 1), "a heading without words"
        level = max(block.level, 2)


def links(subject: Subject) -> Iterator[Placed]:
    """Links that lead nowhere, that say nothing, or whose address is of a kind that is not allowed."""
    text = _without_code(subject.draft.markdown)
    for found in _LINK.finditer(text):
        yield from _link(subject, found[1], found[2], found.span())
    seen = {found[2] for found in _LINK.finditer(text)}
    for run in (run for block in subject.document.root.all() for run in block.runs):
        if run.href and run.href not in seen:
            yield from _link(subject, run.text, run.href, (run.start, run.start + len(run.text)))
        for found in _UNDEFINED.finditer("" if run.is_code else run.text):
            yield "text", run.start + found.start(), run.start + found.end(), f'"{found[0]:.60}" names no link'
    for found in _BARE.finditer(_LINK.sub(lambda one: " " * len(one[0]), text)):
        yield "text", *found.span(), f'"{found[0]:.60}" is a bare address; expected [words](address)'


def _link(subject: Subject, words: str, href: str, span: tuple[int, int]) -> Iterator[Placed]:
    if not words.strip():
        yield "text", *span, f'the link to "{href:.60}" has no words'
    if _SCHEME.match(href) or href.startswith("//") or (urlsplit(href).scheme not in {"", "http", "https"}):
        yield "text", *span, f'"{href:.60}" is not allowed; expected a page of this site or https://'
    elif not urlsplit(href).netloc:
        to = target(href, f"/{subject.draft.slug}/", "")
        path, anchor = path_and_anchor(to) if to else (href, "")
        if not href or not subject.around.has(path, anchor):
            yield "text", *span, f'the link to "{href:.60}" leads nowhere today'
    elif urlsplit(href).scheme == "http":
        yield "text", *span, f'"{href:.60}" is not https'


def _length_and_others(subject: Subject, place: Place, most: int) -> Iterator[Placed]:
    source = subject.draft.title if place == "title" else subject.draft.description
    if not source:
        return
    shown = _shown(subject, source)
    if len(shown) > most:
        yield place, 0, len(source), f"{len(shown)} characters as shown; expected at most {most}"
    for name, other in subject.of_other_pages():
        same = other.title if place == "title" else other.description
        if same and _shown(subject, same).casefold() == shown.casefold():
            yield place, 0, len(source), f"{name} has the same {place}"


def _shown(subject: Subject, source: str) -> str:
    """A field with today's figures, as a reader sees it; as it stands where it can't be filled in."""
    try:
        filled = bindings.resolve(source, subject.around.lookup).text
    except BrokenContent:
        return source
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", filled)


def _headings(block: Block) -> Iterator[Block]:
    return (one for one in block.all() if one.kind == "heading")


def _line(subject: Subject, block: Block) -> tuple[int, str]:
    lines = subject.draft.markdown.split("\n")
    return sum(len(line) + 1 for line in lines[: block.first]), lines[block.first]


def _fields(subject: Subject) -> Iterator[tuple[Place, str]]:
    yield "text", subject.draft.markdown
    yield "title", subject.draft.title
    yield "description", subject.draft.description


def _without_code(text: str) -> str:
    """The text with blanks for code, so that places stay."""
    return _CODE.sub(lambda found: re.sub(r"\S", " ", found[0]), text)


__all__ = ["descriptions", "headings", "images", "links", "raw_html", "titles"]
