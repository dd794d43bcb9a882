"""What a page type is, and which there are: modules of this folder with a PAGE_TYPE are found as providers are."""

import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module

import generator.pages
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.slices import Reader
from generator.model.jsonld import JsonLd
from generator.model.page import Gate, Page

Key = tuple[str, ...]
"""The slugs that tell a type's pages apart."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a page needs before search engines may list it.

    `code` is stored where it does not hold, `words` say for people what is missing; `holds` takes a Reader and the
    page's key.
    """

    code: str
    words: str
    holds: Callable[..., bool]


@dataclass(frozen=True, slots=True)
class PageType:
    """A kind of page.

    `keys` are those of the pages that exist, `path` a key's address, `model` the page's content, from a Reader, a
    JsonLd and its key, with a `body` of this class; `rules` are its gate; it is written in these `formats`
    (generator/site/documents.py).  `needs` says what a page of it needs to be there: "a guide's page needs its text
    published".
    """

    name: str
    body: type
    keys: Callable[[Catalogue], Iterable[Key]]
    path: Callable[..., str]
    model: Callable[..., Page]
    rules: tuple[Rule, ...] = ()
    formats: tuple[str, ...] = ("html",)
    needs: str = ""

    def page(self, read: Reader, ld: JsonLd, *key: str) -> Page:
        """The page of a key, with what became of its gate."""
        return replace(self.model(read, ld, *key), page_type=self.name, gate=self._gate(read, *key))

    def _gate(self, read: Reader, *key: str) -> Gate:
        missing = tuple(rule.code for rule in self.rules if not rule.holds(read, *key))
        return Gate("thin", missing) if missing else Gate("indexable")


Planned = tuple[PageType, Key]
"""A page that is to be: its type and its key."""


@cache
def page_types() -> tuple[PageType, ...]:
    """All page types, by their names."""
    names = (info.name for info in pkgutil.iter_modules(generator.pages.__path__, "generator.pages."))
    found = (getattr(import_module(name), "PAGE_TYPE", None) for name in names)
    return tuple(sorted(filter(None, found), key=lambda page_type: page_type.name))


def single(_: Catalogue) -> tuple[Key, ...]:
    """The key of a type that has one page."""
    return ((),)
