"""The facts about providers that the scrapers bring along: CSV files in `facts/`, each row with its source or list."""

import csv
from pathlib import Path

FACTS = Path(__file__).parent / "facts"


def fact_rows(name: str, folder: Path = FACTS) -> list[dict[str, str]]:
    """The rows of a file, by column."""
    with (folder / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
