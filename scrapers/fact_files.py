"""Facts about providers that ship with the scrapers: the CSV files in `facts/`, each row with its source or list."""

from collections.abc import Mapping
from pathlib import Path

from scrapers import text_files

FACTS = Path(__file__).parent / "facts"

# The columns that are read of each file; those before the "|" make each row's key.
_COLUMNS: Mapping[str, str] = {
    "continents.csv": "country | continent",
    "machine_places.csv": "provider machine_type | regions unknown elsewhere",
    "machine_pricing.csv": "provider machine_type | pricing_types",
    "old_region_names.csv": "provider old_name | region",
    "region_lists.csv": "list | source checked_on",
    "regions.csv": "provider region | name country list",
    "upstream_clouds.csv": "reseller name | provider",
}
# File, column, and the file whose key the column must name.
_REFERENCES = (("regions.csv", "country", "continents.csv"), ("regions.csv", "list", "region_lists.csv"))


def check(folder: Path = FACTS) -> None:
    """Read every file.  Raises DamagedFile for the first one that can't be right."""
    for name in _COLUMNS:
        fact_rows(name, folder)


def fact_rows(name: str, folder: Path = FACTS) -> list[dict[str, str]]:
    """The rows of a file, by column.  Raises DamagedFile, which names file and line."""
    path, (key, _, others) = folder / name, _COLUMNS[name].partition("|")
    table = text_files.table(path)
    text_files.check_columns(path, table, [*key.split(), *others.split()])
    text_files.check_unique(path, table, key.split())
    for column, other in [(column, other) for referring, column, other in _REFERENCES if referring == name]:
        _check_reference(path, table, column, other)
    return [row for _, row in table.rows]


def _check_reference(path: Path, table: text_files.Table, column: str, other: str) -> None:
    known = {next(iter(row.values())) for row in fact_rows(other, path.parent)}
    for line, row in table.rows:
        if row[column] not in known:
            raise text_files.DamagedFile(path, f'{column} "{row[column]}": expected one of {other}', line)
