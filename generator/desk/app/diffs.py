"""Two versions of a text side by side in one: what is new and what is gone, word by word."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from markupsafe import Markup, escape

_WORDS = re.compile(r"\S+\s*|\s+")
_HTML = re.compile(r"<[^>]*>\s*|[^\s<]+\s*|\s+")
_BREAKS = re.compile(r"</(p|li|h\d|tr|td|th|blockquote|pre)>|<br")


def of_text(old: str, new: str) -> Markup:
    """The new text, with <ins> around what is new and <del> around what is gone."""
    return Markup().join(_marked(_WORDS.findall(old), _WORDS.findall(new)))


def of_html(old: str, new: str) -> Markup:
    """The same for sanitised HTML: the new one's elements, so that it is as well-formed as that."""
    return Markup().join(_marked_html(_HTML.findall(old), _HTML.findall(new)))


def is_changed(old: str, new: str) -> bool:
    """Whether more than spaces at the ends differ."""
    return old.strip() != new.strip()


def _marked(old: Sequence[str], new: Sequence[str]) -> Iterator[Markup]:
    for is_same, gone, came in _steps(old, new):
        if is_same:
            yield escape("".join(came))
            continue
        yield _element("del", escape("".join(gone)))
        yield _element("ins", escape("".join(came)))


def _marked_html(old: Sequence[str], new: Sequence[str]) -> Iterator[Markup]:
    for is_same, gone, came in _steps(old, new):
        if is_same:
            yield Markup("".join(came))  # noqa: S704 (sanitised before)
            continue
        yield from _gone(gone)
        yield from _came(came)


def _gone(tokens: Sequence[str]) -> Iterator[Markup]:
    """The words that are gone, without their elements, one run for each paragraph."""
    runs = "".join("\n" if _BREAKS.match(one) else "" if one.startswith("<") else one for one in tokens)
    for run in filter(str.strip, runs.split("\n")):
        yield _element("del", Markup(run))  # noqa: S704 (text of sanitised HTML, still escaped)


def _came(tokens: Sequence[str]) -> Iterator[Markup]:
    """Elements as they are; the words between them marked."""
    words = ""
    for one in (*tokens, "<"):
        if not one.startswith("<"):
            words += one
            continue
        yield _element("ins", Markup(words)) if words.strip() else Markup(words)  # noqa: S704 (sanitised before)
        yield Markup(one if one != "<" else "")  # noqa: S704
        words = ""


def _element(name: str, inside: Markup) -> Markup:
    return Markup("<{0}>{1}</{0}>").format(Markup(name), inside) if inside else Markup()  # noqa: S704 (ours)


def _steps(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[bool, Sequence[str], Sequence[str]]]:
    """Runs of words that are the same, or that replace others."""
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield kind == "equal", old[i:j], new[k:m]
