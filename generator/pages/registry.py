"""Page types: what one is, and the list of all; each module of this folder with a PAGE_TYPE is one."""

import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from typing import Literal

import generator.pages
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.slices import SliceReader, aggregate
from generator.model.jsonld import JsonLd
from generator.model.page import Gate, Page
from generator.pages.reviewed_words import with_reviewed_words

Key = tuple[str, ...]
"""The slugs that identify a page within its type."""

TWINNED = ("html", "markdown", "picture")
"""A page for people, its twin for programs, and its picture for those who share it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a page needs before search engines may index it.

    `code` is stored where the rule does not hold, `words` tell people what is needed; `holds` takes a SliceReader and
    the page's key.
    """

    code: str
    words: str
    holds: Callable[..., bool]


@dataclass(frozen=True, slots=True)
class PageType:
    """A kind of page.

    `keys` lists the pages that exist, `path` returns a key's address, `model` the page from a SliceReader, a JsonLd
    and its key; the page's `body` is of this class.  `rules` are its gate, `formats` (generator/site/page_formats.py)
    the files it is written as.  `about` says what each slug of a key is the slug of.  `needs` says what a page of this
    type cannot exist without: "a guide's page needs its text published".  `long_tables` are those of which its pages
    read much and most others nothing: no others' rows of them are read ahead.  `pair_tables` are such tables whose slug
    is the key, `last_tables` those whose slug is the last of the key.
    """

    name: str
    body: type
    keys: Callable[[Catalogue], Iterable[Key]]
    path: Callable[..., str]
    model: Callable[..., Page]
    rules: tuple[Rule, ...] = ()
    formats: tuple[str, ...] = TWINNED
    about: tuple[Literal["gpu", "provider"], ...] = ()
    needs: str = ""
    long_tables: tuple[str, ...] = ()
    pair_tables: tuple[str, ...] = ()
    last_tables: tuple[str, ...] = ()

    def __reduce__(self) -> tuple[Callable[[str], "PageType"], tuple[str]]:
        """What is pickled: the name."""
        return page_type, (self.name,)

    @property
    def has_html(self) -> bool:
        """Whether people can open it; else it is a file for programs."""
        return "html" in self.formats

    def page(self, read: SliceReader, ld: JsonLd, *key: str) -> Page:
        """The page of a key, with what its rules say, and the methodology in force."""
        made = with_reviewed_words(read, self.model(read, ld, *key))
        gate = made.gate if made.gate.state == "stub" else self._gate(read, *key)
        return replace(made, page_type=self.name, gate=gate, method=ld.site.method)

    def _gate(self, read: SliceReader, *key: str) -> Gate:
        missing = tuple(rule.code for rule in self.rules if not rule.holds(read, *key))
        return Gate("thin", missing) if missing else Gate("indexable")


Planned = tuple[PageType, Key]
"""A page to build: its type and its key."""


@aggregate
def page_keys(catalogue: Catalogue, name: str) -> tuple[Key, ...]:
    """The keys of a page type's pages."""
    return tuple(tuple(key) for key in page_type(name).keys(catalogue))


def page_type(name: str) -> PageType:
    """The page type of that name.  Raises KeyError."""
    return _by_name()[name]


@cache
def _by_name() -> dict[str, PageType]:
    return {one.name: one for one in page_types()}


@cache
def page_types() -> tuple[PageType, ...]:
    """All page types, by their names."""
    names = (info.name for info in pkgutil.iter_modules(generator.pages.__path__, "generator.pages."))
    found = (getattr(import_module(name), "PAGE_TYPE", None) for name in names)
    return tuple(sorted(filter(None, found), key=lambda page_type: page_type.name))


def single(_: Catalogue) -> tuple[Key, ...]:
    """The only key, the empty one, of a type that has one page."""
    return ((),)
