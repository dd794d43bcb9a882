"""All page types, in the order in which they are built."""

from collections.abc import Callable, Iterable
from typing import Protocol

from generator.catalogue.catalogue import Catalogue
from generator.model.page import Page
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


class PageType(Protocol):
    """What a page module has.  A key is the slugs that tell its pages apart, handed to `path` and `page` one by one."""

    @property
    def keys(self) -> Callable[[Catalogue], Iterable[tuple[str, ...]]]:
        """The keys of the pages that exist."""
        ...

    @property
    def path(self) -> Callable[..., str]:
        """A key's address."""
        ...

    @property
    def page(self) -> Callable[..., Page]:
        """A page's model, from a Reader, a JsonLd and its key."""
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

Planned = tuple[PageType, tuple[str, ...]]
"""A page that is to be: its type and its key."""
