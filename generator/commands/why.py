"""why: what a page has read, what has moved since, and why it was or wasn't made again."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path

import click

from generator.commands.console import print_json, say, table
from generator.commands.options import json_option, out_option, pass_settings
from generator.commands.prepare import prepared
from generator.formats import day, some
from generator.settings import Settings
from generator.site.why import Read, Why, at, explain

_LAST_BUILD = {
    "changed": "made it, and its bytes changed",
    "same bytes": "made it, and it came out the same bytes",
    "same": "looked at it and left it: what it shows was the same",
    "not looked at": "did not look at it",
}
_LISTED = 3  # of each kind of slice
_HEADINGS = ("it has read", "slice", "revision", "first seen by the build of", "since the last build")


@click.command()
@click.argument("path")
@click.option("--all", "is_all", is_flag=True, help="List all that it has read, and all behind aggregates.")
@out_option
@json_option
@pass_settings
def why(settings: Settings, path: str, is_all: bool, out: Path | None, as_json: bool) -> None:
    """Say why a page was or wasn't made again, and what the next build does with it.

    PATH is a page's path, address or file.  The site stays as it is: what the next build would do is tried and undone.

    \b
    Examples:
      build.py why /gpu/h100-sxm/
      build.py why gpu/h100-sxm --all
      build.py why site_output/gpu/h100-sxm/index.html --json
    """
    with prepared(settings, quiet=as_json) as connection:
        found = explain(connection, settings, out or settings.output_dir, path)
    if as_json:
        print_json(asdict(found))
        return
    for line in lines(found):
        say(line)
    table(_HEADINGS, list(rows(found.reads, is_all=is_all)))
    if not is_all:
        say("--all lists each slice, and what is behind the aggregates.")


def lines(found: Why) -> Iterator[str]:
    """What is to be said of a page, line by line; the verdict comes last."""
    yield f"{found.path}: {found.page_type}{' of ' if found.key else ''}{' and '.join(found.key)}"
    yield f"{_gate(found)}  Its content last changed on {at(found.last_modified)}."
    if found.last_build_as_of:
        yield f"The last build, as of {at(found.last_build_as_of)}, {_LAST_BUILD[found.last_build]}.{_earlier(found)}"
    for file, damage in found.by_hand.items():
        yield f"{file} is {damage}, which no build has done, and none looks: build.py render --verify repairs it."
    yield found.verdict


def rows(reads: Sequence[Read], *, is_all: bool, indent: str = "") -> Iterator[tuple[str, ...]]:
    """A table's rows, kind by kind, what has moved first, and below aggregates what they have read.

    Unless `is_all`, those of a kind that have not moved share a row, and only moved ones are listed below aggregates.
    """
    moved = {_kind(one) for one in reads if one.since}
    ordered = sorted(reads, key=lambda one: (one.is_aggregate, _kind(one) not in moved, *_group(one)))
    for (_, is_as_built, _), alike in groupby(ordered, key=_group):
        of_kind = list(alike)
        shown = of_kind if is_all else () if is_as_built else of_kind[:_LISTED]
        for one in shown:
            yield indent + one.words, one.name, *_moved(one)
            yield from rows(_below(one, is_all), is_all=is_all, indent=indent + "  ")
        if others := of_kind[len(shown) :]:
            name = _kind(others[0]) if len(others) > 1 else others[0].name
            yield indent + _together(others), name, *_moved(max(others, key=lambda one: one.revision or 0))


def _below(one: Read, is_all: bool) -> Sequence[Read]:
    return one.behind if is_all else [read for read in one.behind if read.since]


def _group(one: Read) -> tuple[str, bool, str]:
    """Slices of a kind that have become the same since the last build, those that did not move last."""
    return _kind(one), not one.since, one.since


def _kind(one: Read) -> str:
    return one.name.partition(":")[0]


def _together(alike: Sequence[Read]) -> str:
    """Slices of one kind in one line: "offers by GPU: a100, h100 and 7 more"."""
    first, _, argument = alike[0].words.partition(": ")
    arguments = [argument, *(one.words.partition(": ")[2] for one in alike[1:])]
    return f"{first}: {some(arguments, _LISTED)}" if argument else first


def _gate(found: Why) -> str:
    """Whether search engines may index it, and what it needs for that."""
    if found.gate_state == "indexable":
        lacks = f" It lacks {' and '.join(found.needs)}, and closes after a week of that." if found.needs else ""
        return f"Open to search engines since {day(found.gate_since)}.{lacks}"
    return f"Closed to search engines since {day(found.gate_since)}: it needs {' and '.join(found.needs)}."


def _earlier(found: Why) -> str:
    """When it was last made, and changed, before the last build."""
    if not found.made_as_of or found.last_build in {"changed", "same bytes"}:
        return ""
    return f"  It was last made by the one as of {at(found.made_as_of)}."


def _moved(one: Read) -> tuple[str, str, str]:
    """At which revision it last moved, which build saw that, and what has become of it since."""
    if one.revision is None:
        return "", "", one.since
    return f"{one.revision:,}", at(one.seen_as_of) if one.seen_as_of else "none yet", one.since
