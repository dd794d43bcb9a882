"""What a build records: each page, the slices behind it, and the build itself.

A page's record lists the slices that it read; `page_slices` lists, the other way round, who read each slice.  So the pages
that a change concerns are found without looking at any other.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import xxhash

from generator.catalogue.slices import Computed, version_of
from generator.database import db
from generator.model.page import Site
from generator.pages.registry import Key


@dataclass(frozen=True, slots=True)
class PageRecord:
    """A page as last built.  `reads` are the numbers of its slices, `files` path in the output folder -> hash."""

    path: str
    page_type: str
    key: list[str]
    number: int
    gate_state: str
    gate_reasons: list[str]
    reads: list[int]
    content_hash: str
    model_hash: str
    files: dict[str, str]
    last_modified: datetime


@dataclass(frozen=True, slots=True)
class LastBuild:
    """The last finished build: its token, its instant, and what the pages' records were made from."""

    generation: UUID
    as_of: datetime
    revision: int
    code: dict[str, str]
    is_same_for: str
    problems: list[str]


@dataclass(frozen=True, slots=True)
class PageSlice:
    """A slice that was read: `readers` are the numbers of pages and the negative numbers of aggregates."""

    number: int
    name: str
    version: int | None
    reads: list[int]
    readers: list[int]


@dataclass(frozen=True, slots=True)
class PageCount:
    """How many pages of a type are in a gate state."""

    page_type: str
    gate_state: str
    pages_n: int


@dataclass(frozen=True, slots=True)
class _LastNumbers:
    slice: int
    page: int


def records(
    connection: db.Connection, numbers: Sequence[int] | None = None, page_types: Sequence[str] | None = None
) -> dict[str, PageRecord]:
    """Pages' records by path: those of these numbers or types, or all."""
    chosen = {"numbers": _listed(numbers), "page_types": _listed(page_types)}
    return {record.path: record for record in db.rows(connection, "built_pages", PageRecord, **chosen)}


def last_build(connection: db.Connection) -> LastBuild | None:
    """The last finished build; None before the first."""
    found = db.rows(connection, "last_build", LastBuild)
    return found[0] if found else None


def slices_named(
    connection: db.Connection, names: Iterable[str] = (), numbers: Iterable[int] = ()
) -> dict[int, PageSlice]:
    """Recorded slices by number; those that nobody has read are left out."""
    found = db.rows(connection, "page_slices_named", PageSlice, names=list(names), numbers=list(numbers))
    return {one.number: one for one in found}


def page_counts(connection: db.Connection) -> dict[str, dict[str, int]]:
    """How many pages there are, by type and gate state."""
    pages: dict[str, dict[str, int]] = {}
    for one in db.rows(connection, "page_counts", PageCount):
        pages.setdefault(one.page_type, {})[one.gate_state] = one.pages_n
    return pages


def version_of_site(site: Site) -> str:
    """The version of what is the same on every page: the site's settings and licences."""
    own = (site.name, site.url, site.organisation, site.repository, site.product_markup, site.is_all_recorded)
    return xxhash.xxh3_64_hexdigest(repr((own, site.attributions)).encode())


@dataclass(slots=True)
class Reads:
    """Numbers the slices that pages and aggregates have read, and lists the readers of each."""

    numbers: dict[str, int] = field(default_factory=dict)
    last: int = 0
    readers: dict[int, set[int]] = field(default_factory=dict)
    versions: dict[int, int] = field(default_factory=dict)
    reads: dict[int, list[int]] = field(default_factory=dict)

    def of_page(self, number: int, names: Iterable[str]) -> list[int]:
        """Note what a page has read; returns the slices' numbers."""
        return self._noted(number, names)

    def of_aggregates(self, found: Mapping[str, Computed]) -> None:
        """Note what these aggregates have read, and their versions."""
        for name, computed in found.items():
            number = self.number(name)
            self.versions[number] = version_of(computed)
            self.reads[number] = self._noted(-number, computed.reads)

    def number(self, name: str) -> int:
        """A slice's number, a new one at first sight."""
        found = self.numbers.get(name)
        if found is None:
            self.last += 1
            found = self.numbers[name] = self.last
        return found

    def rows(self) -> Iterator[tuple[int, str, int | None, list[int], list[int]]]:
        """The slices as `page_slices` stores them."""
        for name, number in self.numbers.items():
            readers = sorted(self.readers.get(number, ()))
            yield number, name, self.versions.get(number), self.reads.get(number, []), readers

    def _noted(self, reader: int, names: Iterable[str]) -> list[int]:
        numbers = [self.number(name) for name in names]
        for number in numbers:
            self.readers.setdefault(number, set()).add(reader)
        return sorted(numbers)
