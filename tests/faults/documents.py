"""Recorded answers as trees whose leaves can be changed, whatever their format.

A tree is made of dicts, lists and plain values.  JSON and YAML are trees already; a Next.js page becomes the data of
its script, any other page the list of its tags and the texts between them.
"""

import copy
import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import yaml

from scrapers.captures import Capture
from scrapers.nextjs_data import _HEAD, _PUSH

Path = tuple[str | int, ...]
NUMBER = re.compile(r"(?<![\w.,])(?:\d{1,3}(?:,\d{2,3})+|\d+)?\.?\d+(?![\w]|[.,]\d)")


@dataclass(frozen=True)
class Document:
    """A body as a tree, and how to write it as bytes again."""

    root: Any
    write: Callable[[Any], bytes]
    kind: str


def document(capture: Capture) -> Document:
    """The tree of a recorded answer."""
    text = capture.body.decode()
    if text.lstrip()[:1] in ("{", "["):
        return Document(json.loads(text), _json, "json")
    if not text.lstrip().startswith("<"):
        return Document(yaml.load(text, Loader=yaml.CBaseLoader), _yaml, "yaml")
    if "self.__next_f.push" in text:
        return _flight(text)
    return _html(text)


def _json(root: Any) -> bytes:
    return json.dumps(root, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _yaml(root: Any) -> bytes:
    text: str = yaml.dump(root, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
    return text.encode()


def _html(page: str) -> Document:
    """Tags and texts in turn; JSON-LD among them becomes a tree of its own."""
    parts: list[Any] = re.split(r"(<[^>]*>)", page)
    for place, tag in enumerate(parts[:-1]):
        if re.match(r"<script[^>]*ld\+json", tag):
            parts[place + 1] = json.loads(parts[place + 1])

    def write(root: Any) -> bytes:
        return b"".join(
            _json(part) if isinstance(part, dict | list) else str(part).encode("utf-8", "replace") for part in root
        )

    return Document(parts, write, "html")


def _flight(page: str) -> Document:
    """The rows of the page's script that a parser reads; they are written as a single push."""
    pushes = list(_PUSH.finditer(page))
    stream = "".join(json.loads(push[1]) for push in pushes)
    rows, before, after = {}, page[: pushes[0].start()], page[pushes[-1].end() :]
    for line in stream.split("\n"):
        head = _HEAD.match(line.encode())
        with suppress(ValueError):  # a module, a hint or a text: not JSON
            if head and not head[2]:
                rows[head[1].decode()] = json.loads(line.encode()[head.end() :])

    def write(root: Any) -> bytes:
        lines = "".join(f"{row}:{_json(value).decode('utf-8', 'surrogatepass')}\n" for row, value in root.items())
        return f"{before}self.__next_f.push([1,{json.dumps(lines)}]){after}".encode("utf-8", "replace")

    return Document(rows, write, "flight")


def leaves(root: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every plain value with its path."""
    if isinstance(root, dict | list):
        for key, value in root.items() if isinstance(root, dict) else enumerate(root):
            yield from leaves(value, (*path, key))
    else:
        yield path, root


def at(root: Any, path: Path) -> Any:
    """The value at a path."""
    for key in path:
        root = root[key]
    return root


@dataclass(frozen=True)
class Amount:
    """A number in an answer: the answer's place among its provider's, the path, and the number's place in the text."""

    answer: int
    path: Path
    place: int = 0


Bodies = list[bytes]
Edit = Callable[[str], str]


def amounts(documents: list[Document]) -> Iterator[Amount]:
    """Every number in the answers, including those in texts."""
    for answer, one in enumerate(documents):
        for path, value in leaves(one.root):
            if isinstance(value, int | float) and not isinstance(value, bool):
                yield Amount(answer, path)
            elif isinstance(value, str):
                yield from (Amount(answer, path, place) for place, _ in enumerate(NUMBER.finditer(value)))


def text_of(documents: list[Document], amount: Amount) -> str:
    """The number as it is written."""
    value = at(documents[amount.answer].root, amount.path)
    return list(NUMBER.finditer(value))[amount.place][0] if isinstance(value, str) else str(value)


def edited(documents: list[Document], chosen: list[Amount], edit: Edit) -> Bodies:
    """The answers' bodies with these numbers edited; a JSON number stays one where the edit returns a number."""
    roots = [copy.deepcopy(one.root) for one in documents]
    for amount in sorted(chosen, key=lambda amount: -amount.place):
        *way, last = amount.path
        holder = at(roots[amount.answer], tuple(way))
        holder[last] = _edited(holder[last], amount.place, edit)
    return [one.write(root) for one, root in zip(documents, roots, strict=True)]


def _edited(value: Any, place: int, edit: Edit) -> Any:
    if isinstance(value, str):
        found = list(NUMBER.finditer(value))[place]
        return value[: found.start()] + edit(found[0]) + value[found.end() :]
    new = edit(str(value))
    try:
        return json.loads(new)
    except ValueError:
        return new
