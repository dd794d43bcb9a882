"""Readings, prices that others published, from the files in CLOUDGPUS_READINGS: second opinions, not drawn or ranked.

A file is CSV, gzipped or not, with the columns of sql/seed/reference_history.csv.gz and two more: the address and the
licence of each reading's source.
"""

from collections.abc import Container, Iterator, Sequence
from pathlib import Path

from generator.database.seed_files import READING_COLUMNS, Seeds, reading_problem
from generator.database.seeds import SEED
from generator.errors import BuildError
from scrapers import text_files
from scrapers.text_files import DamagedFile, shown

COLUMNS = (*READING_COLUMNS, "url", "licence")


def read(paths: Sequence[Path]) -> list[dict[str, str]]:
    """The readings of all files as text, US dollars per GPU-hour.

    Raises BuildError that names file, line and field for a file that can't be right.
    """
    gpus = {gpu.slug for gpu in Seeds(SEED).gpus} if paths else frozenset()
    return [reading for path in paths for reading in _readings(path, gpus)]


def _readings(path: Path, gpus: Container[str]) -> Iterator[dict[str, str]]:
    try:
        for line, row in text_files.rows(path):
            if line == 1 and row == COLUMNS:
                continue
            if problem := _problem(row, gpus):
                raise DamagedFile(path, problem, line)
            yield dict(zip(COLUMNS, row, strict=True))
    except DamagedFile as error:
        where, expected = (
            (f" line {error.line}", "") if error.line else ("", f"; expected CSV with {', '.join(COLUMNS)}")
        )
        raise BuildError(f"CLOUDGPUS_READINGS: {shown(path)}{where}: {error.problem}{expected}") from None


def _problem(row: tuple[str, ...], gpus: Container[str]) -> str:
    """What is wrong with a reading; "" for a valid one."""
    if len(row) != len(COLUMNS):
        return f"{len(row)} fields; expected {', '.join(COLUMNS)}"
    *reading, url, licence = row
    if not url.startswith(("https://", "http://")):
        return f'url "{url}": expected the address of the source'
    if not (licence and row[0]):
        return f'source "{row[0]}", licence "{licence}": expected both'
    return reading_problem(tuple(reading), {row[0]}, gpus)
