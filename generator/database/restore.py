"""Restore a dump into the database: the whole schema, or the rows of tables, in one transaction.

A restore that fails or is killed changes nothing.  Before the commit, the restored tables are compared with the
fingerprints in the backup's record.
"""

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from generator.database import backup, db, programs
from generator.database.load import Script, load
from generator.errors import BuildError

# Lines of pg_restore --list, such as "3412; 0 16385 TABLE DATA cloudgpus instances owner"; comments begin with ";".
_ROWS = re.compile(rf"^\d+; \d+ \d+ TABLE DATA {db.SCHEMA} (\S+) ")
_DEFAULTS = re.compile(r"^\d+; \d+ \d+ DEFAULT ACL .* (\S+)$")
_SEQUENCE = re.compile(rf"^\d+; \d+ \d+ SEQUENCE SET {db.SCHEMA} (\S+) ")
_OURS = re.compile(rf"^\d+; .*\b{db.SCHEMA}\b")
_TAKEN_OF = re.compile(r"^;\s+Dumped from database version: (\d+)")


@dataclass(frozen=True, slots=True)
class StoredPrices:
    """The prices that are stored."""

    offers: int
    history_rows: int
    newest: datetime | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a restore would do.

    `is_whole`: it replaces the schema, definitions and all; else only the rows of `tables`.  `contents` are the lines
    of the dump's table of contents to restore.  `taken_of` is the version of PostgreSQL that the dump is from, `server`
    that of the target; `record` is the backup's record, `replaced` the prices there now (None: none can be read).
    """

    file: Path
    is_whole: bool
    tables: tuple[str, ...]
    contents: tuple[str, ...]
    taken_of: int
    server: int
    record: backup.Backup | None
    has_schema: bool
    replaced: StoredPrices | None


@dataclass(frozen=True, slots=True)
class _Target:
    as_user: str
    has_schema: bool
    has_prices: bool
    dependents: list[str]


def plan(conninfo: str, file: Path, only: Sequence[str] = ()) -> Plan:
    """What restoring a file would do; with `only`, restoring just the rows of these tables.

    Raises BuildError for a file that is no dump of the schema, and for a dump that can't be restored here.
    """
    with db.connect(conninfo) as connection:
        version = connection.info.server_version // 10000
        (target,) = db.rows(connection, "restore_target", _Target)
        replaced = _prices(connection) if target.has_prices else None
    contents = _contents(file, version)
    record = backup.read_record(file)
    is_whole = not only and any(f" SCHEMA - {db.SCHEMA} " in f"{line} " for line in contents)
    tables = _tables(file, contents, only)
    if is_whole and target.dependents:
        raise BuildError(
            f"{target.dependents[0]} uses the schema {db.SCHEMA} and would be dropped with it; drop it first"
        )
    if not is_whole and not target.has_schema:
        raise BuildError(f"{file}: holds rows only, and there is no schema to put them into; run build.py db migrate")
    return Plan(
        file=file,
        is_whole=is_whole,
        tables=tables,
        contents=_wanted(contents, None if is_whole else set(tables), target.as_user),
        taken_of=next((int(match[1]) for line in contents if (match := _TAKEN_OF.match(line))), 0),
        server=version,
        record=record,
        has_schema=target.has_schema,
        replaced=replaced,
    )


def _prices(connection: db.Connection) -> StoredPrices | None:
    """The stored prices; None where the database is too damaged to tell, which is when a backup is needed."""
    try:
        with connection.transaction():
            return db.rows(connection, "restore_prices", StoredPrices)[0]
    except db.Error:
        if connection.broken:
            raise
        return None


def dependents(connection: db.Connection) -> list[str]:
    """Objects outside the schema that use it, and would be dropped with it."""
    (target,) = db.rows(connection, "restore_target", _Target)
    return target.dependents


def restore(conninfo: str, what: Plan) -> None:
    """Restore as planned.  Raises BuildError where that fails; then nothing was changed."""
    script = _replacing(what) if what.is_whole else _refilling(what)
    with tempfile.NamedTemporaryFile("w", suffix=".list") as listed:
        listed.write("\n".join(what.contents))
        listed.flush()
        try:
            load(conninfo, what.file, script, ["--no-owner", f"--use-list={listed.name}"])
        except BuildError as error:
            if what.taken_of <= what.server:
                raise
            versions = f"the dump is from PostgreSQL {what.taken_of}, this server is {what.server}"
            raise BuildError(f"{error.message}; {versions}") from None


def _contents(file: Path, version: int) -> list[str]:
    """The lines of a dump's table of contents."""
    if not file.is_file():
        raise BuildError(f"{file}: no such file; expected a dump made by build.py db backup")
    try:
        return programs.run(programs.find("pg_restore", version), ["--list", str(file)], {}).splitlines()
    except BuildError as error:
        said = error.message.removeprefix("pg_restore: ")
        if "unsupported version" in said:
            advice = "it was made by a newer pg_dump; put a pg_restore at least as new on PATH"
        else:
            advice = "expected a dump made by build.py db backup, or by pg_dump --format=custom"
        raise BuildError(f"{file}: can't be read as a dump: {said}; {advice}") from None


def _tables(file: Path, contents: Sequence[str], only: Sequence[str]) -> tuple[str, ...]:
    """The tables whose rows are restored; a partitioned table's name stands for its partitions."""
    found = [match[1] for line in contents if (match := _ROWS.match(line))]
    if not found:
        raise BuildError(f"{file}: holds nothing of the schema {db.SCHEMA}; expected a dump made by build.py db backup")
    for name in only:
        if not any(_is_part(table, name) for table in found):
            raise BuildError(f'{file}: has no rows of a table "{name}"; it has {", ".join(found)}')
    return tuple(table for table in found if not only or any(_is_part(table, name) for name in only))


def _is_part(table: str, name: str) -> bool:
    # Partitions are price_history_2026_08 and price_history_default.
    return table == name or re.fullmatch(rf"{re.escape(name)}_(default|\d{{4}}_\d{{2}})", table) is not None


def _wanted(contents: Sequence[str], rows_of: set[str] | None, user: str) -> tuple[str, ...]:
    """The lines to restore: everything of the schema, or the rows (and sequences) of tables.

    Default privileges belong to the user who makes later tables: those of other users are left out.
    """
    if rows_of is None:
        ours = (line for line in contents if _OURS.match(line))
        return tuple(line for line in ours if not (match := _DEFAULTS.match(line)) or match[1] == user)
    return tuple(line for line in contents if _is_of(line, rows_of))


def _is_of(line: str, tables: set[str]) -> bool:
    if match := _ROWS.match(line):
        return match[1] in tables
    counter = _SEQUENCE.match(line)
    return counter is not None and any(counter[1].startswith(f"{table}_") for table in tables)


def _replacing(what: Plan) -> Script:
    after = db.query("restore_large_objects") + _checks(what)
    return Script(_texts("restore_take_turns", "restore_clear"), after)


def _refilling(what: Plan) -> Script:
    named = _copied("restore_tables", [(name,) for name in what.tables])
    before = _texts("restore_take_turns", "restore_keys", "restore_tables") + named + db.query("restore_empty")
    return Script(before, "\n".join((db.query("restore_refill"), _checks(what), db.query("restore_distrust"))))


def _checks(what: Plan) -> str:
    """The comparison with the backup's record; "" where there is no record."""
    if what.record is None:
        return ""
    expected = [(one.name, one.rows, one.checksum) for one in what.record.tables if one.name in what.tables]
    return "\n".join(
        (
            _texts("backup_fingerprints_table", "backup_fingerprints_take", "restore_expected"),
            _copied("restore_expected", expected),
            db.query("restore_compare"),
        )
    )


def _texts(*names: str) -> str:
    return "\n".join(db.query(name) for name in names)


def _copied(table: str, rows: Sequence[tuple[object, ...]]) -> str:
    """A copy statement with rows for a temporary table, as psql reads it."""
    lines = "".join("\t".join(str(value) for value in row) + "\n" for row in rows)
    return f"\ncopy pg_temp.{table} from stdin;\n{lines}\\.\n"
