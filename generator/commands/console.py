"""The output of commands: progress on a terminal, plain lines elsewhere, JSON for machines.

Much of it contains providers' own words, so control characters are escaped in all three.
"""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click
import orjson

from generator.prose.characters import escaped

Advance = Callable[[int, int, str], None]


def say(line: str, *, quiet: bool = False) -> None:
    """Print a line for a person; with `quiet`, where standard output is for a machine, to standard error."""
    click.echo(escaped(line), err=quiet)


def print_json(value: Any) -> None:
    """Print one JSON document to standard output."""
    try:
        text = orjson.dumps(value, default=str, option=orjson.OPT_INDENT_2).decode()
    except TypeError:  # a lone surrogate somewhere
        text = json.dumps(value, default=str, indent=2, ensure_ascii=False)
    click.echo(escaped(text))


def table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table to standard output; columns keep their width when that is not a terminal."""
    from rich.console import Console  # noqa: PLC0415 (saves a build without a table 70 ms)
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    made = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        made.add_column(heading, overflow="fold")
    for row in rows:
        made.add_row(*(Text("" if cell is None else escaped(str(cell))) for cell in row))
    Console(width=None if sys.stdout.isatty() else 200).print(made)


def say_more(total: int, most: int) -> None:
    """Say how many rows a table left out, and how to see them; nothing where it left out none."""
    if total > most:
        say(f"... and {total - most:,} more; --most {total} lists them all.")


@contextmanager
def progress(title: str) -> Iterator[Advance]:
    """Show a progress bar on a terminal; nothing elsewhere, where lines at the end say what was done."""
    if not sys.stderr.isatty():
        yield lambda done, total, now: None
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[now]}")
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None, now="")
        yield lambda done, total, now: bar.update(task, completed=done, total=total, now=now)
