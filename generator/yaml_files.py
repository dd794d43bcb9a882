"""YAML as people write it, within bounds: no deep nesting, no aliases, no tags, no name twice.

Aliases can expand to more than fits into memory; tags choose how a value is parsed, and can break the parser.
"""

from collections.abc import Hashable
from typing import Any

import yaml

from scrapers.text_files import CONTROL

DEPTH_MAXIMUM = 8
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class BrokenYaml(ValueError):
    """The text is not such YAML; `line` counts from 1, None where the parser doesn't tell."""

    def __init__(self, problem: str, line: int | None = None) -> None:
        super().__init__(problem if line is None else f"line {line}: {problem}")
        self.problem, self.line = problem, line


def load(text: str) -> Any:
    """The value of a YAML document.  Raises BrokenYaml where it can't be read."""
    try:
        _check(text)
        return yaml.load(text, Loader=_Unique)  # noqa: S506 (a safe one)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise BrokenYaml(problem, mark.line + 1 if mark else None) from None
    except (ValueError, OverflowError) as error:  # a date such as 2026-13-01
        raise error if isinstance(error, BrokenYaml) else BrokenYaml(str(error)) from None


def _check(text: str) -> None:
    depth = 0
    event: Any
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        line = event.start_mark.line + 1
        if depth > DEPTH_MAXIMUM:
            raise BrokenYaml(f"more than {DEPTH_MAXIMUM} levels; expected fewer", line)
        if control := CONTROL.search(getattr(event, "value", None) or ""):
            raise BrokenYaml(f"U+{ord(control[0]):04X}, a control character; take it out", line)
        if getattr(event, "anchor", None):
            raise BrokenYaml(f'found the anchor or alias "{event.anchor:.50}"; expected the value itself', line)
        if getattr(event, "tag", None):
            raise BrokenYaml(f'found the tag "{event.tag:.50}"; expected a plain value', line)


class _Unique(_Loader):  # type: ignore[misc]
    """A loader that refuses a mapping with a name twice, where YAML would drop the first value."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        """The mapping.  Raises BrokenYaml for a name that is there twice, or is not plain text."""
        names = set()
        for name, _ in node.value:
            if not isinstance(name, yaml.ScalarNode):
                raise BrokenYaml("expected a plain name before the colon", name.start_mark.line + 1)
            if name.value in names:
                raise BrokenYaml(f'"{name.value}" is there twice; it must be unique', name.start_mark.line + 1)
            names.add(name.value)
        found: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return found


def dump(value: Any) -> str:
    """A value as a YAML document: names in their order, a line for each text."""
    made: str = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=1_000_000)
    return made
