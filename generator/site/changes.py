"""What a build has to look at again: every page, or the pages that what has moved since the last build concerns.

From the slices that have moved it goes to their readers: pages, and aggregates, which are computed again; where one
comes out as it was, it ends there.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

from generator.catalogue.catalogue import Catalogue, moved_with
from generator.catalogue.slices import Computed, Note, Slice, hashed, take_notes, version
from generator.catalogue.views.link_targets import leads_to
from generator.database import db
from generator.pages.registry import page_keys, page_type, page_types
from generator.site import built_pages
from generator.site.built_pages import PageRecord
from generator.site.make import ENOUGH, ToMake


@dataclass(frozen=True, slots=True)
class MovedSlice:
    """A slice that has moved, at a revision."""

    slice: str
    revision: int


@dataclass(slots=True)
class Changes:
    """The pages to look at, those that are no longer part of the site, and the page types whose list of pages moved.

    `notes` are of the aggregates that were computed to find out.
    """

    pages: dict[str, ToMake] = field(default_factory=dict)
    gone: dict[str, PageRecord] = field(default_factory=dict)
    notes: dict[str, Note] = field(default_factory=dict)
    listed_anew: set[str] = field(default_factory=set)
    is_everything: bool = False


def everything(connection: db.Connection, catalogue: Catalogue, *, may_stay: bool) -> Changes:
    """All pages; one whose model comes out the same is left alone if `may_stay`."""
    before = built_pages.records(connection, with_reads=False)
    found = Changes(listed_anew={kind.name for kind in page_types()}, is_everything=True)
    for kind in page_types():
        for key in page_keys(catalogue, kind.name):
            path = kind.path(*key)
            found.pages[path] = ToMake(kind, key, before.get(path), may_stay)
    found.gone = {path: record for path, record in before.items() if path not in found.pages}
    return found


def moved_since(connection: db.Connection, revision: int) -> set[str]:
    """The names of the slices that have moved since a revision."""
    return moved_with([one.slice for one in db.rows(connection, "moved_slices", MovedSlice, since=revision)])


def since_last_build(
    connection: db.Connection,
    catalogue: Catalogue,
    moved: Collection[str],
    new_code: Collection[str],
    is_there: Callable[[PageRecord], bool] | None,
) -> Changes:
    """The pages that moved slices or new code (of page types) concern, and those whose files are not there.

    `is_there` is None where all files are known to be there.
    """
    found = Changes()
    numbers = _readers(connection, catalogue, moved, found, look_at_links=bool(new_code))
    numbers |= built_pages.waiting(connection, catalogue.as_of)
    _add_listed_anew(connection, catalogue, found, new_code)
    concerned = built_pages.records(connection, numbers=sorted(numbers))
    if len(concerned) <= ENOUGH:  # more are made in shards, each of which reads its own
        _read_ahead(connection, catalogue, concerned.values())
    for record in concerned.values():
        _add(found, record, may_stay=True)
    known = {kind.name for kind in page_types()}
    for record in built_pages.records(connection, page_types=sorted(new_code)).values():
        if record.page_type in known:
            _add(found, record, may_stay=False)
    if is_there is not None:
        for record in built_pages.records(connection).values():
            if not is_there(record):
                _add(found, record, may_stay=False)
    found.notes = take_notes(catalogue)
    return found


def _add(found: Changes, record: PageRecord, *, may_stay: bool) -> None:
    if record.path in found.gone:
        return
    known = found.pages.get(record.path)
    stays = may_stay and (known is None or known.may_stay)
    found.pages[record.path] = ToMake(page_type(record.page_type), tuple(record.key), record, stays)


def _readers(
    connection: db.Connection, catalogue: Catalogue, moved: Collection[str], found: Changes, *, look_at_links: bool
) -> set[int]:
    """The numbers of the pages behind moved slices; aggregates in between are computed again."""
    pages, seen = set[int](), set[int]()
    waiting = set[int]()
    _spread(built_pages.slices_named(connection, names=moved).values(), pages, waiting)
    if look_at_links:
        waiting |= {one.number for one in built_pages.slices_of_view(connection, leads_to.name)}
    while waiting := waiting - seen:
        seen |= waiting
        aggregates = built_pages.slices_named(connection, numbers=waiting)
        _read_ahead(connection, catalogue, aggregates.values())
        changed = [one for one in aggregates.values() if version(catalogue, one.name) != one.version]
        found.listed_anew |= {one.name.partition(":")[2] for one in changed if one.name.startswith(page_keys.name)}
        waiting = set()
        _spread(changed, pages, waiting)
    recall_links(connection, catalogue, seen)
    return pages


def recall_links(connection: db.Connection, catalogue: Catalogue, computed_anew: Collection[int]) -> None:
    """Take from the records where links lead that did not move: to find out, their targets would have to be made."""
    for one in built_pages.slices_of_view(connection, leads_to.name):
        if one.number not in computed_anew:
            recalled = Computed(one.version == hashed(True), frozenset((one.name,)))
            catalogue.aggregates[Slice.named(one.name)] = recalled


def _spread(slices: Iterable[built_pages.PageSlice], pages: set[int], aggregates: set[int]) -> None:
    for one in slices:
        pages.update(number for number in one.readers if number > 0)
        aggregates.update(-number for number in one.readers if number < 0)


def _read_ahead(
    connection: db.Connection, catalogue: Catalogue, slices: Iterable[built_pages.PageSlice | PageRecord]
) -> None:
    """Read the rows that these read last time, in one query a table."""
    numbers = {number for one in slices for number in one.reads}
    read_ahead(catalogue, built_pages.slice_names(connection, numbers))


def read_ahead(catalogue: Catalogue, names: Iterable[str]) -> None:
    """Read the tables' rows behind these slices, in one query a table."""
    slugs: dict[str, set[str]] = {}
    for name in names:
        table, _, slug = name.partition(":")
        if slug:
            slugs.setdefault(table, set()).add(slug)
    for table in slugs.keys() & catalogue.tables.keys():
        catalogue.tables[table].read_ahead(sorted(slugs[table]))


def _add_listed_anew(
    connection: db.Connection, catalogue: Catalogue, found: Changes, new_code: Collection[str]
) -> None:
    """The new pages of the types whose list moved, and those that are gone."""
    known = {kind.name for kind in page_types()}
    found.listed_anew = (found.listed_anew | set(new_code)) & known
    retired = set(new_code) - known
    before = built_pages.records(connection, page_types=sorted(found.listed_anew | retired))
    now: dict[str, ToMake] = {}
    for name in found.listed_anew:
        kind = page_type(name)
        now |= {kind.path(*key): ToMake(kind, key) for key in page_keys(catalogue, name)}
    found.gone = {path: record for path, record in before.items() if path not in now}
    found.pages |= {path: one for path, one in now.items() if path not in before}
