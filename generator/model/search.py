"""What the search finds: names with their pages."""

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from generator.model.blocks import Link

KINDS = ("chip", "gpu", "provider", "offer", "region", "comparison", "list", "index", "guide", "page")
"""What a name is of; in this order they are kept."""


class Name(NamedTuple):
    """A page's name; `also` are other spellings of it, `floor` is the lowest on-demand price of a GPU-hour."""

    kind: str
    text: str
    path: str
    also: tuple[str, ...] = ()
    floor: Decimal | None = None


class Machine(NamedTuple):
    """A provider's own name for a machine, and the page that lists it."""

    name: str
    provider: str
    gpu: str
    path: str


@dataclass(frozen=True, slots=True)
class NameGroup:
    """The names of one kind, as the page of names lists them."""

    anchor: str
    title: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """All names for the search, the machines that it finds besides, and what the page itself lists."""

    names: tuple[Name, ...]
    machines: tuple[Machine, ...]
    groups: tuple[NameGroup, ...]
