"""Text and CSV files that people edit: whatever is wrong with one is reported in a line that names it, and its line.

Only regular files are read, up to a limit; a byte order mark is left out.
"""

import csv
import gzip
import os
import re
import stat
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from click import ClickException

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
MAXIMUM = 16_000_000
UNPACKED_MAXIMUM = 256_000_000
_LINE_MAXIMUM = 100_000
LINES_MAXIMUM = 2_000_000


class DamagedFile(ClickException):
    """A file with a mistake; `line` is None where no single line is wrong."""

    def __init__(self, path: Path, problem: str, line: int | None = None) -> None:
        self.path, self.problem, self.line = path, problem, line
        super().__init__(f"{shown(path)}: {'' if line is None else f'line {line}: '}{problem}")


def shown(path: Path | str) -> str:
    """A file's name in one line that any terminal can show, whatever its bytes are."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in str(path))


def data(path: Path, maximum: int = MAXIMUM) -> bytes:
    """The bytes of a file.  Raises DamagedFile, also for more than `maximum`."""
    with _opened(path) as file:
        found = file.read(maximum + 1)
    if len(found) > maximum:
        raise DamagedFile(path, f"more than {maximum:,} bytes; expected a smaller file")
    return found


def text(path: Path, maximum: int = MAXIMUM) -> str:
    """The text of a file.  Raises DamagedFile, also for more than `maximum` bytes."""
    try:
        found = data(path, maximum).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DamagedFile(path, f"byte {error.start} is not UTF-8; save the file as UTF-8") from None
    _refuse_controls(path, found)
    return found


def rows(path: Path, *, strict: bool = False) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The rows of a CSV file (gzipped if named .gz), each with the number of its last line; empty ones are left out.

    Raises DamagedFile as soon as a mistake is found, so that no file fills the memory.
    """
    reader = csv.reader(_lines(path), strict=strict)
    try:
        yield from ((reader.line_num, tuple(row)) for row in reader if row)
    except csv.Error as error:
        raise DamagedFile(path, f"{error}; expected comma-separated values", reader.line_num) from None


class Table(NamedTuple):
    """A CSV file with a heading: its columns, and its rows by column, each with its line number."""

    columns: tuple[str, ...]
    rows: list[tuple[int, dict[str, str]]]


def table(path: Path) -> Table:
    """A CSV file with a heading.  Raises DamagedFile also for a column twice and for a row of another length."""
    found = rows(path, strict=True)
    _, columns = next(found, (1, ()))
    if twice := [name for number, name in enumerate(columns) if name in columns[:number]]:
        raise DamagedFile(path, f'column "{twice[0]}" is there twice; it must be unique', 1)
    return Table(columns, [(line, _by_column(path, line, columns, row)) for line, row in found])


def _by_column(path: Path, line: int, columns: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    if len(row) != len(columns):
        raise DamagedFile(path, f"{len(row)} fields; expected {len(columns)}: {', '.join(columns)}", line)
    return dict(zip(columns, row, strict=True))


def check_columns(path: Path, table: Table, expected: Sequence[str]) -> None:
    """Raise DamagedFile for a table that lacks one of the columns."""
    if lacking := [name for name in expected if name not in table.columns]:
        raise DamagedFile(path, f'no column "{lacking[0]}"; expected {", ".join(expected)}', 1)


def check_unique(path: Path, table: Table, key: Sequence[str]) -> None:
    """Raise DamagedFile for a table with two rows of the same key."""
    seen = set()
    for line, row in table.rows:
        own = tuple(row[name] for name in key)
        if own in seen:
            raise DamagedFile(path, f"{', '.join(own)}: is there twice; it must be unique", line)
        seen.add(own)


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """Open a regular file; a pipe, a folder or a device is refused before anything waits for it."""
    try:
        with open(path, "rb", opener=_at_once) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise DamagedFile(path, "can't be read: not a regular file")
            yield file
    except OSError as error:
        raise DamagedFile(path, f"can't be read: {error.strerror or error}") from None


def _at_once(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)


def _lines(path: Path) -> Iterator[str]:
    with _opened(path) as file:
        try:
            yield from _bounded(path, gzip.GzipFile(fileobj=file) if path.suffix == ".gz" else file)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise DamagedFile(path, f"{error}; expected gzipped CSV") from None


def _bounded(path: Path, stream: BinaryIO | gzip.GzipFile) -> Iterator[str]:
    size, number = 0, 0
    while line := stream.readline(_LINE_MAXIMUM + 1):
        size, number = size + len(line), number + 1
        if len(line) > _LINE_MAXIMUM:
            raise DamagedFile(path, f"more than {_LINE_MAXIMUM:,} bytes; expected a shorter line", number)
        if size > UNPACKED_MAXIMUM or number > LINES_MAXIMUM:
            expected = f"expected at most {UNPACKED_MAXIMUM:,} bytes in {LINES_MAXIMUM:,} lines"
            raise DamagedFile(path, f"the file is too long; {expected}", number)
        try:
            found = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise DamagedFile(path, f"byte {error.start} is not UTF-8; save the file as UTF-8", number) from None
        _refuse_controls(path, found, number)
        yield found


def _refuse_controls(path: Path, found: str, first: int = 1) -> None:
    if control := CONTROL.search(found):
        line = first + found.count("\n", 0, control.start())
        raise DamagedFile(path, f"U+{ord(control[0]):04X}, a control character; take it out", line)
