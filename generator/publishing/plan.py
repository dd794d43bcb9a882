"""What a publish has to do, and in which order; pure."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from generator.publishing.generations import Listed

_ASSET = re.compile(r"assets/")
_LAST = re.compile(r"sitemap(s/|\.xml$)|robots\.txt$|redirects\.json$|_")


@dataclass(frozen=True, slots=True)
class Plan:
    """`phases` are the files to put, each phase after the one before; `keeps` those to keep before, with their hashes.

    `deletes` go at the end.  `unchanged` counts the files that are there already.
    """

    phases: list[list[str]]
    keeps: dict[str, str]
    deletes: list[str]
    unchanged: int

    @property
    def puts(self) -> list[str]:
        """Every file that will be put."""
        return [path for phase in self.phases for path in phase]


def plan(before: Listed, after: Listed, touched: Collection[str], kept: Collection[str]) -> Plan:
    """The way from one list to the other.

    A publish that was killed may have `touched` some files; it has `kept` those that it replaced.  Assets that a page
    no longer needs stay while a generation that needs them is kept: a reader, or a cache, may still hold such a page.
    """
    all_anew = before.served != after.served
    known: Mapping[str, str] = {path: digest for path, digest in before.files.items() if path not in touched}
    puts = [path for path, digest in after.files.items() if all_anew or known.get(path) != digest]
    gone = (before.files.keys() | set(touched)) - after.files.keys()
    replaced = {path: digest for path, digest in before.files.items() if after.files.get(path) != digest}
    return Plan(
        phases=_phases(puts, before.files),
        keeps={path: digest for path, digest in replaced.items() if path not in kept},
        deletes=sorted(path for path in gone if not is_asset(path)),
        unchanged=len(after.files) - len(puts),
    )


def is_asset(path: str) -> bool:
    """Whether pages need a file to be shown."""
    return _ASSET.match(path) is not None


def _phases(puts: Collection[str], before: Collection[str]) -> list[list[str]]:
    """Assets, new pages, pages that may link to these, and at the end what names all pages."""
    phases: list[list[str]] = [[], [], [], []]
    for path in sorted(puts):
        is_known = path in before
        turn = 0 if is_asset(path) else 3 if _LAST.match(path) else 2 if is_known else 1
        phases[turn].append(path)
    return [phase for phase in phases if phase]
