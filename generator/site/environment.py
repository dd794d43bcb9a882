"""The Jinja environment: what templates show is escaped, and markup that many pages share is made once.

Templates are compiled to plain Python: `page.title` becomes an attribute and `cut(part)` a call, without Jinja's search
for a key of that name or for a function that wants its context.  That, and escaping a text once however often it is
shown, saves half of the time that a page takes.
"""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, escape

from generator.settings import ROOT
from generator.site.filters import filters

TEMPLATES = ROOT / "templates"
_FRAGMENTS = 50_000
_escaped = lru_cache(maxsize=65536)(escape)


class _PlainPython(CodeGenerator):
    """Jinja's compiler, for models with attributes and macros that need no context."""

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 (the node's name)
        self.write("(")
        self.visit(node.node, frame)
        self.write(f").{node.attr}")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802
        if forward_caller or node.dyn_args or node.dyn_kwargs:
            super().visit_Call(node, frame, forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for argument in (*node.args, *node.kwargs):
            self.visit(argument, frame)
            self.write(", ")
        self.write(")")

    def _output_child_pre(self, *_: Any) -> None:
        self.write("environment.shown(")


class _SiteEnvironment(Environment):
    code_generator_class = _PlainPython

    @staticmethod
    def shown(value: object) -> str:
        """A value as HTML."""
        if type(value) is str:
            return _escaped(value)
        return value if type(value) is Markup else escape(value)


class Fragments:
    """Markup that macros made, kept for the next page that shows the same block.

    A macro that is imported sees its arguments and what is the same on every page, nothing else.  A block is told by
    its identity, since to compare blocks takes longer than to write one down; blocks don't change, and one whose
    markup is kept is kept too, so that no other can have its identity.
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
    return _filled(_SiteEnvironment, base, folder, Fragments())


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
