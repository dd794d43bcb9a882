"""The Jinja environment: what templates show is escaped, and markup that many pages share is made once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from generator.settings import ROOT
from generator.site.filters import filters
from generator.site.plain_python import PlainPython

TEMPLATES = ROOT / "templates"
_FRAGMENTS = 50_000


class Fragments:
    """What macros made, kept for the next page that shows the same: `{{ gpu_row|shared(gpu, specs) }}`.

    An imported macro sees its arguments and what is the same on every page, nothing else.  A block is told by its
    identity, since to compare blocks takes longer than to write one down; it doesn't change, and it is kept as long as
    its markup, so that no other can have its identity.
    """

    def __init__(self, most: int = _FRAGMENTS) -> None:
        self._most = most
        self._kept: dict[tuple[Any, ...], tuple[object, str]] = {}

    def __call__(self, macro: Callable[..., str], *values: Any) -> str:
        """What `macro` makes of these values: a block, and texts that change how it looks."""
        key = (macro, id(values[0]), *values[1:]) if values else (macro,)
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= self._most:
                self._kept.clear()
            found = self._kept[key] = values, macro(*values)
        return found[1]


def environment(base: str = "", folder: Path = TEMPLATES) -> Environment:
    """The environment of a site whose links start with `base`; an undefined name is an error."""
    return _filled(PlainPython, base, folder, Fragments())


def plain_environment(base: str = "", folder: Path = TEMPLATES) -> Environment:
    """The same as Jinja has it, with nothing kept: what the other is measured and checked against."""
    return _filled(Environment, base, folder, lambda macro, *values: macro(*values))


def _filled(kind: type[Environment], base: str, folder: Path, shared: Callable[..., str]) -> Environment:
    made = kind(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    made.filters |= {**filters(base), "shared": shared}
    return made
