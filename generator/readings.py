"""Readings of others in files that CLOUDGPUS_READINGS names: second opinions only, neither drawn nor ranked.

A file is CSV, gzipped or not, with the columns of sql/seed/reference_history.csv.gz, and the address and the licence of
each reading's source.
"""

import csv
import gzip
import zlib
from collections.abc import Container, Iterator, Sequence
from pathlib import Path

from generator.errors import BuildError
from generator.seed_files import READING_COLUMNS, Seeds, reading_problem
from generator.seeds import SEED

COLUMNS = (*READING_COLUMNS, "url", "licence")


def read(paths: Sequence[Path]) -> list[dict[str, str]]:
    """The readings of all files as text, US dollars per GPU-hour.

    Raises BuildError naming file, line and field for a file that can't be right.
    """
    gpus = {gpu.slug for gpu in Seeds(SEED).gpus} if paths else frozenset()
    return [reading for path in paths for reading in _readings(path, gpus)]


def _readings(path: Path, gpus: Container[str]) -> Iterator[dict[str, str]]:
    for number, row in enumerate(_rows(path), 1):
        if number == 1 and row == COLUMNS:
            continue
        if problem := _problem(row, gpus):
            raise BuildError(f"CLOUDGPUS_READINGS: {path} line {number}: {problem}")
        yield dict(zip(COLUMNS, row, strict=True))


def _rows(path: Path) -> Iterator[tuple[str, ...]]:
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8", newline="") as lines:
            yield from map(tuple, csv.reader(lines))
    except (OSError, EOFError, UnicodeDecodeError, zlib.error, csv.Error) as error:
        raise BuildError(f"CLOUDGPUS_READINGS: {path}: {error}; expected CSV with {', '.join(COLUMNS)}") from None


def _problem(row: tuple[str, ...], gpus: Container[str]) -> str:
    """What is wrong with a reading; "" for a sound one."""
    if len(row) != len(COLUMNS):
        return f"{len(row)} fields; expected {', '.join(COLUMNS)}"
    *reading, url, licence = row
    if not url.startswith(("https://", "http://")):
        return f'url "{url}": expected the address of the source'
    if not (licence and row[0]):
        return f'source "{row[0]}", licence "{licence}": expected both'
    return reading_problem(tuple(reading), {row[0]}, gpus)
