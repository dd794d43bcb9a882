"""All page types, in the order in which they are built."""

from collections.abc import Iterable
from typing import Protocol

from generator.catalogue import Catalogue, Reader
from generator.jsonld import JsonLd
from generator.pages import (
    compare_index,
    gpu_chip,
    gpu_comparison,
    gpu_detail,
    gpu_index,
    guide,
    guide_index,
    home,
    methodology,
    not_found,
    provider_comparison,
    provider_detail,
    provider_index,
)
from generator.pages.page import Page


class PageType(Protocol):
    """What a page module has.  A key is the slugs that tell its pages apart."""

    PAGE_TYPE: str

    def keys(self, catalogue: Catalogue) -> Iterable[tuple[str, ...]]:
        """The keys of the pages that exist."""
        ...

    def path(self, *key: str) -> str:
        """A page's address."""
        ...

    def page(self, read: Reader, ld: JsonLd, *key: str) -> Page:
        """A page's model."""
        ...


PAGE_TYPES: tuple[PageType, ...] = (
    home,
    gpu_index,
    gpu_chip,
    gpu_detail,
    provider_index,
    provider_detail,
    compare_index,
    gpu_comparison,
    provider_comparison,
    guide_index,
    guide,
    methodology,
    not_found,
)
