"""What a build records: each page, the slices behind it, and the build itself.

A page's record lists the slices that it read; `page_slices` lists, the other way round, who read each slice.  So the
pages that a change concerns are found without looking at any other.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

import xxhash

from generator.catalogue.slices import Note
from generator.database import db
from generator.model.page import GateState, Site
from generator.pages.registry import page_types

Numbers: TypeAlias = "array[int]"
"""Numbers of pages and slices as PostgreSQL's integers: a tenth of the memory of a list of them."""


@dataclass(frozen=True, slots=True)
class PageRecord:
    """A page as last built.  `reads` are the numbers of its slices, `files` path in the output folder -> hash.

    `gate_state` is what it says, `gate_found` what its rules said (generator/site/gates.py).
    """

    path: str
    page_type: str
    key: list[str]
    number: int | None
    gate_state: GateState
    gate_reasons: list[str]
    gate_found: GateState
    gate_found_since: datetime
    gate_found_times: int
    gate_found_at: datetime
    was_indexable: bool
    reads: Numbers
    content_hash: str
    model_hash: str
    files: dict[str, str]
    last_modified: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "reads", numbers(self.reads))


@dataclass(frozen=True, slots=True)
class LastBuild:
    """The last finished build: its token, its instant, and what the pages' records were made from."""

    generation: UUID
    as_of: datetime
    revision: int
    code: dict[str, str]
    is_same_for: str
    report: dict[str, Any]


@dataclass(frozen=True, slots=True)
class PageSlice:
    """A slice that was read: `readers` are the numbers of pages and the negative numbers of aggregates."""

    number: int
    name: str
    version: int | None
    reads: Numbers
    readers: Numbers

    def __post_init__(self) -> None:
        object.__setattr__(self, "reads", numbers(self.reads))
        object.__setattr__(self, "readers", numbers(self.readers))


@dataclass(frozen=True, slots=True)
class SliceName:
    """The name of a slice that was read."""

    name: str


@dataclass(frozen=True, slots=True)
class PageCount:
    """How many pages of a type are in a gate state."""

    page_type: str
    gate_state: str
    pages_n: int


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """The number of a page whose gate does not yet say what its rules say."""

    number: int


@dataclass(frozen=True, slots=True)
class FormerPage:
    """An address that search engines could list and that no build makes any more."""

    path: str
    page_type: str


@dataclass(frozen=True, slots=True)
class LastNumbers:
    """The highest numbers in use."""

    slice: int
    page: int


def records(
    connection: db.Connection,
    numbers: Sequence[int] | None = None,
    page_types: Sequence[str] | None = None,
    *,
    with_reads: bool = True,
) -> dict[str, PageRecord]:
    """Pages' records by path: those of these numbers or types, or all; `with_reads`: with what they have read."""
    chosen = {"numbers": _listed(numbers), "page_types": _listed(page_types), "with_reads": with_reads}
    return {record.path: record for record in db.rows(connection, "built_pages", PageRecord, **chosen)}


def last_build(connection: db.Connection) -> LastBuild | None:
    """The last finished build; None before the first."""
    found = db.rows(connection, "last_build", LastBuild)
    return found[0] if found else None


def last_numbers(connection: db.Connection) -> LastNumbers:
    """The highest numbers of slices and pages in use; 0 for none."""
    return db.rows(connection, "page_slices_last", LastNumbers)[0]


def slices_named(
    connection: db.Connection, names: Iterable[str] = (), numbers: Iterable[int] = ()
) -> dict[int, PageSlice]:
    """Recorded slices by number; those that nobody has read are left out."""
    found = db.rows(connection, "page_slices_named", PageSlice, names=list(names), numbers=list(numbers))
    return {one.number: one for one in found}


def slice_names(connection: db.Connection, numbers: Iterable[int]) -> list[str]:
    """The names of recorded slices."""
    return [one.name for one in db.rows(connection, "page_slice_names", SliceName, numbers=list(numbers))]


def slices_of_view(connection: db.Connection, view: str) -> list[PageSlice]:
    """The recorded slices of a view."""
    return db.rows(connection, "page_slices_like", PageSlice, view=view)


def waiting(connection: db.Connection, as_of: datetime) -> set[int]:
    """The numbers of the pages whose gate waits, and was not yet asked as of this instant."""
    return {one.number for one in db.rows(connection, "waiting_pages", WaitingPage, as_of=as_of)}


def former_paths(connection: db.Connection) -> set[str]:
    """The addresses that search engines could list and that no build makes any more."""
    return {one.path for one in db.rows(connection, "former_pages", FormerPage)}


def page_counts(connection: db.Connection) -> dict[str, dict[str, int]]:
    """How many pages there are, by type and gate state; files for programs are none."""
    pages: dict[str, dict[str, int]] = {}
    files = {kind.name for kind in page_types() if not kind.has_html}
    for one in db.rows(connection, "page_counts", PageCount):
        if one.page_type not in files:
            pages.setdefault(one.page_type, {})[one.gate_state] = one.pages_n
    return pages


def version_of_text(text: str) -> str:
    """The version of a text."""
    return xxhash.xxh3_64_hexdigest(text.encode())


def version_of_site(site: Site) -> str:
    """The version of what is the same on every page: the site's settings and licences."""
    own = (site.name, site.url, site.organisation, site.repository, site.product_markup, site.is_all_recorded)
    stated = site.contact, site.statements, site.verification
    return xxhash.xxh3_64_hexdigest(repr((own, site.attributions, stated)).encode())


class Reads:
    """Who has read what: numbers slices at first sight, and lists the readers of each.

    `last` is the highest number in use.  Only what differs from what was recalled is stored again.
    """

    def __init__(self, last: int = 0) -> None:
        self._last = last
        self._numbers: dict[str, int] = {}
        self._versions: dict[int, int | None] = {}
        self._reads: dict[int, Numbers] = {}
        self._readers: dict[int, Numbers] = {}
        self._gone: dict[int, set[int]] = {}
        self._touched: set[int] = set()

    def recall(self, known: Iterable[PageSlice]) -> None:
        """Take slices as recorded, unless they are known already."""
        for row in known:
            if row.number not in self._readers:
                self._numbers[row.name] = row.number
                self._readers[row.number] = row.readers
                if row.version is not None:
                    self._versions[row.number] = row.version
                    self._reads[row.number] = row.reads

    def of_page(self, number: int, before: Iterable[int], names: Iterable[str]) -> Numbers:
        """Note what a page has read, and before; returns the slices' numbers."""
        return self._note(number, before, names)

    def of_aggregates(self, notes: Mapping[str, Note]) -> None:
        """Note what these aggregates have read, and their versions."""
        for name, note in notes.items():
            number = self._number(name)
            before = self._reads.get(number, _NONE)
            self._reads[number] = self._note(-number, before, note.reads)
            if self._versions.get(number) != note.version or self._reads[number] != before:
                self._versions[number] = note.version
                self._touched.add(number)

    def rows(self) -> Iterator[tuple[int, str, int | None, Numbers, list[int]]]:
        """The slices that differ from what is recorded, as `page_slices` stores them."""
        for name, number in self._numbers.items():
            if number in self._touched:
                readers = sorted({*self._readers[number]} - self._gone.get(number, _NOBODY))
                yield number, name, self._versions.get(number), self._reads.get(number, _NONE), readers

    def _number(self, name: str) -> int:
        found = self._numbers.get(name)
        if found is None:
            self._last += 1
            found = self._numbers[name] = self._last
            self._readers[found] = numbers()
            self._touched.add(found)
        return found

    def _note(self, reader: int, before: Iterable[int], names: Iterable[str]) -> Numbers:
        now, was = {self._number(name) for name in names}, set(before)
        for number in now - was:
            self._readers[number].append(reader)
        for number in was - now:
            self._gone.setdefault(number, set()).add(reader)
        self._touched |= now ^ was
        return numbers(sorted(now))


def numbers(values: Iterable[int] = ()) -> Numbers:
    """Numbers, compact."""
    return array("i", values)


_NONE: Numbers = numbers()
_NOBODY: frozenset[int] = frozenset()


def _listed(values: Sequence[Any] | None) -> list[Any] | None:
    return None if values is None else list(values)
