"""Stores what a build has made: the pages' records and texts, and what each page has read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

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


def save(
    connection: db.Connection,
    made: Sequence[tuple[Made, datetime]],
    notes: Mapping[str, Note],
    gone: Mapping[str, PageRecord],
    as_of: datetime,
    *,
    anew: bool,
) -> None:
    """Store pages as made now, with the time of their last change, and forget those that are gone.

    `anew`: every page was made, so that nothing noted before counts.
    """
    reads = _known(connection, made, notes, anew=anew)
    db.execute(connection, "forget_built_pages", paths=list(gone))
    _save_records(connection, made, reads, as_of, anew=anew)
    reads.of_aggregates(notes)
    _save_slices(connection, reads, anew=anew)
    content.save_pages(connection, (one.text for one, _ in made if one.text), as_of)
    content.retire(connection, gone)


def _known(
    connection: db.Connection, made: Iterable[tuple[Made, datetime]], notes: Mapping[str, Note], *, anew: bool
) -> Reads:
    """What is recorded of all slices that were read now or before."""
    if anew:
        return Reads()
    names, numbers = set(notes), set[int]()
    for note in notes.values():
        names |= note.reads
    for one, _ in made:
        names |= one.reads
        numbers.update(one.to_make.before.reads if one.to_make.before else ())
    known = built_pages.slices_named(connection, names, numbers)
    before = {number for row in known.values() if row.name in notes for number in row.reads} - known.keys()
    known |= built_pages.slices_named(connection, numbers=before)
    return Reads(known.values(), built_pages.last_numbers(connection).slice)


def _save_records(
    connection: db.Connection, made: Iterable[tuple[Made, datetime]], reads: Reads, as_of: datetime, *, anew: bool
) -> None:
    last, at = built_pages.last_numbers(connection).page, as_of.isoformat()
    db.execute(connection, "save_pages_stage")
    with connection.cursor() as cursor, cursor.copy(db.query("save_pages_copy")) as copy:
        for one, last_modified in made:
            before = one.to_make.before
            number = before.number if before else None
            if number is None:
                number = last = last + 1
            was_read = before.reads if before and not anew else ()
            files = one.files if one.text or before is None else before.files
            copy.write_row(
                (
                    one.to_make.path,
                    one.to_make.page_type.name,
                    list(one.to_make.key),
                    number,
                    one.gate_state,
                    one.gate_reasons,
                    at,
                    _array(reads.of_page(number, was_read, one.reads)),
                    one.content_hash,
                    one.model_hash,
                    orjson.dumps(files).decode(),
                    last_modified.isoformat(),
                    at,
                    one.text is not None,
                    one.is_changed,
                )
            )
    db.execute(connection, "save_pages")


def _save_slices(connection: db.Connection, reads: Reads, *, anew: bool) -> None:
    if anew:
        db.execute(connection, "save_slices_clear")
        _copy_slices(connection, "save_slices_copy", reads)
        return
    db.execute(connection, "save_slices_stage")
    _copy_slices(connection, "save_slices_stage_copy", reads)
    db.execute(connection, "save_slices")


def _copy_slices(connection: db.Connection, query: str, reads: Reads) -> None:
    with connection.cursor() as cursor, cursor.copy(db.query(query)) as copy:
        for number, name, version, was_read, readers in reads.rows():
            copy.write_row((number, name, version, _array(was_read), _array(readers)))


def _array(numbers: Iterable[int]) -> str:
    """Numbers as PostgreSQL writes an array: much faster than to have the library find out what is in it."""
    return f"{{{','.join(map(str, numbers))}}}"
