"""The Jinja environment: what templates show is escaped, and markup that many pages share is made once.

A template says what is shared: `{{ gpu_row|shared(gpu, specs) }}` is what the macro `gpu_row` makes of the block `gpu`.
An imported macro sees its arguments and what is the same on every page, nothing else.
"""

from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from generator.kept import Kept
from generator.settings import ROOT
from generator.site.filters import filters
from generator.site.plain_python import PlainPython

TEMPLATES = ROOT / "templates"
_FRAGMENTS = 20_000


def environment(base: str = "", folder: Path = TEMPLATES) -> Environment:
    """The environment of a site whose links start with `base`; an undefined name is an error."""
    return _filled(PlainPython, base, folder, Kept(_FRAGMENTS))


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
