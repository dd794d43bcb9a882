"""Files of facts and words that people keep: whatever is wrong with one is a line that names it, and stalls nothing.

Only plain files are read, and no further than a limit; a byte order mark is no part of the text.
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
from typing import BinaryIO

from click import ClickException

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
MAXIMUM = 16_000_000
UNPACKED_MAXIMUM = 256_000_000
_LINE_MAXIMUM = 100_000
_LINES_MAXIMUM = 2_000_000


class DamagedFile(ClickException):
    """A file that can't be right; `line` is None where no line of it is to blame."""

    def __init__(self, path: Path, problem: str, line: int | None = None) -> None:
        self.path, self.problem, self.line = path, problem, line
        super().__init__(f"{shown(path)}: {'' if line is None else f'line {line}: '}{problem}")


def shown(path: Path | str) -> str:
    """A file's name as one line that any terminal can show, whatever its bytes are."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in str(path))


def text(path: Path, maximum: int = MAXIMUM) -> str:
    """What a file of at most so many bytes says.  Raises DamagedFile."""
    with _opened(path) as file:
        data = file.read(maximum + 1)
    if len(data) > maximum:
        raise DamagedFile(path, f"more than {maximum:,} bytes; expected a smaller file")
    try:
        found = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DamagedFile(path, f"byte {error.start} is not UTF-8; save the file as UTF-8") from None
    _refuse_controls(path, found)
    return found


def rows(path: Path, *, strict: bool = False) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The rows of a CSV file, gzipped where its name ends so, each with the number of its last line; none is empty.

    Raises DamagedFile as soon as it is found, so that no file fills the memory.
    """
    reader = csv.reader(_lines(path), strict=strict)
    try:
        yield from ((reader.line_num, tuple(row)) for row in reader if row)
    except csv.Error as error:
        raise DamagedFile(path, f"{error}; expected comma-separated values", reader.line_num) from None


def records(path: Path, columns: Sequence[str], *, key: Sequence[str] = ()) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV file with a heading, by column, each with its line.

    Raises DamagedFile for a heading without one of the columns or with one twice, for a row that is longer or shorter
    than the heading, and for a second row of the same key.
    """
    found = rows(path, strict=True)
    _, heading = next(found, (1, ()))
    if wrong := heading_problem(heading, columns):
        raise DamagedFile(path, wrong, 1)
    seen = set()
    for line, row in found:
        if len(row) != len(heading):
            raise DamagedFile(path, f"{len(row)} fields; expected {len(heading)}: {', '.join(heading)}", line)
        record = dict(zip(heading, row, strict=True))
        if (own := tuple(record[name] for name in key)) in seen:
            raise DamagedFile(path, f"{', '.join(own)}: is there twice; it must be unique", line)
        if key:
            seen.add(own)
        yield line, record


def heading_problem(heading: Sequence[str], columns: Sequence[str]) -> str:
    """What is wrong with a heading that must have these columns; "" for a sound one."""
    twice = [name for number, name in enumerate(heading) if name in heading[:number]]
    lacking = [name for name in columns if name not in heading]
    if twice:
        return f'column "{twice[0]}" is there twice; it must be unique'
    return f'no column "{lacking[0]}"; expected {", ".join(columns)}' if lacking else ""


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """A plain file; a pipe, a folder or a device is refused before anything waits for it."""
    try:
        with open(path, "rb", opener=_at_once) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise DamagedFile(path, "can't be read: no plain file")
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
        if size > UNPACKED_MAXIMUM or number > _LINES_MAXIMUM:
            expected = f"expected at most {UNPACKED_MAXIMUM:,} bytes in {_LINES_MAXIMUM:,} lines"
            raise DamagedFile(path, f"the file goes on; {expected}", number)
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
