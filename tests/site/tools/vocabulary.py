"""schema.org's types and properties, read from the npm package schema-dts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
DECLARATIONS = ROOT / "node_modules" / "schema-dts" / "dist" / "schema.d.ts"

_INTERFACE = re.compile(r"^(?:export )?interface (\w+)(?: extends ([^{]+?))? \{$(.*?)^\}$", re.MULTILINE | re.DOTALL)
_TYPE = re.compile(r'^    "@type": "(\w+)";$', re.MULTILINE)
_PROPERTY = re.compile(r'^    "(\w+)"\?: SchemaValue<(.*), "\w+">;$', re.MULTILINE)


@dataclass(frozen=True)
class Vocabulary:
    """The `parents` of each schema.org declaration, and its own properties with the types that they take."""

    parents: dict[str, list[str]] = field(default_factory=dict)
    properties: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    declared_as: dict[str, str] = field(default_factory=dict)

    def problems(self, node: dict[str, Any]) -> Iterator[str]:
        """Unknown types, properties that a type does not have, nested types that a property does not take."""
        kind = node.get("@type")
        if kind is not None and kind not in self.declared_as:
            yield f"no type {kind!r}"
            return
        known = self._properties_of(self.declared_as[kind]) if kind else {}
        for name, value in node.items():
            if kind and not name.startswith("@") and name not in known:
                yield f"{kind} has no property {name!r}"
            for inner in value if isinstance(value, list) else [value]:
                if isinstance(inner, dict):
                    yield from self._nested(kind, name, inner, known.get(name, set()))

    def _nested(self, kind: str | None, name: str, inner: dict[str, Any], taken: set[str]) -> Iterator[str]:
        yield from self.problems(inner)
        if kind and "@type" in inner and name != "@graph" and not self._is_a(inner["@type"], taken):
            yield f"{kind}.{name} takes no {inner['@type']}"

    def _above(self, declaration: str) -> Iterator[str]:
        yield declaration
        for parent in self.parents.get(declaration, []):
            yield from self._above(parent)

    def _properties_of(self, declaration: str) -> dict[str, set[str]]:
        merged: dict[str, set[str]] = {}
        for above in self._above(declaration):
            for name, types in self.properties.get(above, {}).items():
                merged.setdefault(name, set()).update(types)
        return merged

    def _is_a(self, kind: str, types: set[str]) -> bool:
        if kind not in self.declared_as:
            return True
        above = {name.removesuffix("Leaf").removesuffix("Base") for name in self._above(self.declared_as[kind])}
        return bool(above & types)


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary of the installed package."""
    known = Vocabulary()
    for name, parents, body in _INTERFACE.findall(DECLARATIONS.read_text("utf-8")):
        known.parents[name] = re.findall(r"\w+Base\b|\w+Leaf\b", parents)
        known.properties[name] = {prop: set(re.findall(r"\w+", types)) for prop, types in _PROPERTY.findall(body)}
        known.declared_as.update(dict.fromkeys(_TYPE.findall(body), name))
    return known
