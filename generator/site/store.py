"""Stores what a build has made: the pages' records and texts, and what each page has read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from generator.catalogue.slices import Note
from generator.database import db
from generator.site import built_pages, content
from generator.site.built_pages import PageRecord, Reads
from generator.site.make import Made


@dataclass(frozen=True, slots=True)
class Settled:
    """The newest revision of the settled slices."""

    revision: int


class Storing:
    """Stores pages as they are made, in the transaction of a connection, which the build ends.

    `anew`: every page is made, so that nothing noted before counts.
    """

    def __init__(self, connection: db.Connection, as_of: datetime, *, anew: bool) -> None:
        self._connection, self._as_of, self._anew = connection, as_of, anew
        last = built_pages.last_numbers(connection)
        self._last, self._reads = last.page, Reads(last=0 if anew else last.slice)
        db.unhurry(connection)
        db.execute(connection, "save_pages_stage")
        db.execute(connection, "save_content_stage")

    def add(self, made: Sequence[tuple[Made, datetime]], notes: Mapping[str, Note]) -> None:
        """Stage pages, each with the time of its last change, and note what they and these aggregates have read."""
        if not self._anew:
            self._recall([one for one, _ in made], notes)
        with self._connection.cursor() as cursor, cursor.copy(db.query("save_pages_copy")) as copy:
            for one, last_modified in made:
                copy.write_row(self._record(one, last_modified))
        self._reads.of_aggregates(notes)
        content.stage_pages(self._connection, (one.text for one, _ in made if one.text), self._as_of)

    def finish(self, gone: Mapping[str, PageRecord]) -> None:
        """Store what was staged, and forget the pages that are gone."""
        db.execute(self._connection, "forget_built_pages", paths=list(gone))
        db.execute(self._connection, "save_pages")
        self._save_slices()
        content.save_pages(self._connection, self._as_of)
        content.retire(self._connection, gone)

    def _record(self, one: Made, last_modified: datetime) -> tuple[Any, ...]:
        before, at = one.to_make.before, self._as_of.isoformat()
        number = before.number if before else None
        if number is None:
            number = self._last = self._last + 1
        was_read = before.reads if before and not self._anew else ()
        files = one.files if one.is_made or before is None else before.files
        return (
            one.to_make.path,
            one.to_make.page_type.name,
            list(one.to_make.key),
            number,
            one.gate.state,
            list(one.gate.reasons),
            one.gate.found,
            one.gate.found_since.isoformat(),
            one.gate.found_times,
            one.gate.found_at.isoformat(),
            one.gate.state == "indexable" or (before is not None and before.was_indexable),
            at,
            _array(self._reads.of_page(number, was_read, one.reads)),
            one.content_hash,
            one.model_hash,
            orjson.dumps(files).decode(),
            last_modified.isoformat(),
            at,
            one.is_made,
            one.is_changed,
        )

    def _recall(self, made: Sequence[Made], notes: Mapping[str, Note]) -> None:
        """Look up what is recorded of the slices that these read now or read before."""
        names = set(notes).union(*(note.reads for note in notes.values()), *(one.reads for one in made))
        numbers = {number for one in made if one.to_make.before for number in one.to_make.before.reads}
        known = built_pages.slices_named(self._connection, names, numbers)
        before = {number for row in known.values() if row.name in notes for number in row.reads} - known.keys()
        self._reads.recall([*known.values(), *built_pages.slices_named(self._connection, numbers=before).values()])

    def _save_slices(self) -> None:
        if self._anew:
            db.execute(self._connection, "save_slices_clear")
        # Through a table of this session: PostgreSQL copies into one with row-level security for its owner alone.
        db.execute(self._connection, "save_slices_stage")
        _copy_slices(self._connection, self._reads)
        db.execute(self._connection, "save_slices")


def _copy_slices(connection: db.Connection, reads: Reads) -> None:
    with connection.cursor() as cursor, cursor.copy(db.query("save_slices_stage_copy")) as copy:
        for number, name, version, was_read, readers in reads.rows():
            copy.write_row((number, name, version, _array(was_read), _array(readers)))


def _array(numbers: Iterable[int]) -> str:
    """Numbers as PostgreSQL writes an array: much faster than to have the library find out what is in it."""
    return f"{{{','.join(map(str, numbers))}}}"
