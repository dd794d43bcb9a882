"""Templates compiled to plain Python: what they can't do here saves half of the time that a page takes.

`page.title` becomes an attribute and `words["answer"]` a key, without a search for the other; a macro becomes a
function, and a call a call, without a look at whether the function wants the context.  So models have attributes, not
keys; macros take their arguments and no others; and nothing that a template calls asks for the context, but filters.
"""

from collections.abc import Callable, MutableMapping
from functools import lru_cache
from typing import Any

from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator, Frame, MacroRef
from jinja2.utils import missing
from markupsafe import Markup, escape

_escaped = lru_cache(maxsize=16384)(escape)


class PlainPython(Environment):
    """An environment whose templates are compiled to plain Python."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """What all templates know, as it is when one is loaded."""
        return {**self.globals, **(d or {})}

    @staticmethod
    def shown(value: object) -> str:
        """A value as HTML.  A text that is shown again is not escaped again."""
        if type(value) is str:
            return _escaped(value)
        return value if type(value) is Markup else escape(value)

    @staticmethod
    def macro(function: Callable[..., str], names: tuple[str, ...]) -> Callable[..., Markup]:
        """A macro's compiled function, to be called with some of its arguments, by position or by name."""

        def called(*given: Any, **named: Any) -> Markup:
            if len(given) < len(names):
                given += tuple(named.pop(name, missing) for name in names[len(given) :])
            if named:
                raise TypeError(f"a macro has no argument {', '.join(named)}")
            return str.__new__(Markup, function(*given))

        return called


class _CodeGenerator(CodeGenerator):
    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 (named for the node)
        self.write("(")
        self.visit(node.node, frame)
        self.write(f").{node.attr}")

    def visit_Getitem(self, node: nodes.Getitem, frame: Frame) -> None:  # noqa: N802
        self.write("(")
        self.visit(node.node, frame)
        self.write(")[")
        self.visit(node.arg, frame)
        self.write("]")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802
        self.visit(node.node, frame)
        self.write("(")
        for argument in (*node.args, *node.kwargs):
            self.visit(argument, frame)
            self.write(", ")
        self.write(")")

    def visit_CondExpr(self, node: nodes.CondExpr, frame: Frame) -> None:  # noqa: N802
        """Without an "else", the value is nothing to show."""
        node.expr2 = node.expr2 or nodes.Const("")
        super().visit_CondExpr(node, frame)

    def macro_def(self, macro_ref: MacroRef, frame: Frame) -> None:
        names = tuple(argument.name for argument in macro_ref.node.args)
        self.write(f"environment.macro(macro, {names!r})")

    def _output_child_pre(self, *_: Any) -> None:
        self.write("environment.shown(")


PlainPython.code_generator_class = _CodeGenerator
