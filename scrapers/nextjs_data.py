"""The data a Next.js page carries for its script: React's "flight" rows, decoded.

A page pushes pieces of one stream; the stream is rows, `7d:["$","td",...]`.  A row may name another by
"$L7d".  An element is `["$", tag, key, properties]`; a text that begins with a dollar sign has it doubled.
"""

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

from scrapers.parse import json_value
from scrapers.visible_text import Begin, Piece, text_of_pieces

Rows = Mapping[str, Any]

_PUSH = re.compile(r'self\.__next_f\.push\(\[1,\s*("[^"\\]*+(?:\\.[^"\\]*+)*+")\]\)')
_HEAD = re.compile(rb"([0-9a-f]*):(?:T([0-9a-f]+),)?")
_REFERENCE = re.compile(r"\$L?([0-9a-f]+)")
_CAPITAL = re.compile(r"(?=[A-Z])")


def flight_rows(page: str) -> dict[str, Any]:
    """Row id -> its JSON value; rows of text, modules and hints are left out.

    Raises ValueError where the page carries none.
    """
    stream = "".join(json.loads(text) for text in _PUSH.findall(page))
    rows = dict(_rows(stream.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()))
    if not rows:
        raise ValueError("no data for Next.js (self.__next_f.push) in the page")
    return rows


def _rows(stream: bytes) -> Iterator[tuple[str, Any]]:
    at = 0
    while at < len(stream):
        head = _HEAD.match(stream, at)
        if head and head[2]:  # a text row says its length in bytes and ends without a line break
            at = head.end() + int(head[2], 16)
            continue
        end = stream.find(b"\n", at)
        end = len(stream) if end < 0 else end
        try:
            if head:
                yield head[1].decode(), json_value(stream[head.end() : end])
        except ValueError:
            pass  # a module ("I[...]") or a hint ("HL[...]"), no JSON
        at = end + 1


def values_of(tree: Any, key: str) -> Iterator[Any]:
    """All that stands under `key`, anywhere in the tree."""
    waiting = deque([tree])
    while waiting:
        node = waiting.popleft()
        if isinstance(node, dict):
            if key in node:
                yield node[key]
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)


def elements(tree: Any, tag: str) -> Iterator[tuple[str, Any]]:
    """The keyed elements of a tag, anywhere in the tree: key, children."""
    waiting = deque([tree])
    while waiting:
        node = waiting.popleft()
        if isinstance(node, dict):
            waiting.extend(node.values())
        elif isinstance(node, list):
            if len(node) == 4 and node[0] == "$" and node[1] == tag and isinstance(node[2], str):
                yield node[2], (node[3] or {}).get("children")
            waiting.extend(node)


def visible_text(node: Any, rows: Rows) -> str:
    """The words of an element, what it refers to included.  Raises ValueError past 50 levels: a circle."""
    return text_of_pieces(_pieces(node, rows, 50))


def _pieces(node: Any, rows: Rows, depth: int) -> Iterator[Piece]:
    if depth == 0:
        raise ValueError("the page's data refer to each other in a circle")
    if isinstance(node, str):
        reference = _REFERENCE.fullmatch(node)
        if reference:
            yield from _pieces(rows.get(reference[1]), rows, depth - 1)
        else:
            yield node.removeprefix("$") if node.startswith("$$") else node
    elif isinstance(node, list):
        yield from _element(node, rows, depth - 1) if len(node) == 4 and node[0] == "$" else _parts(node, rows, depth)
    elif not (node is None or isinstance(node, bool | dict)):
        yield str(node)


def _parts(nodes: list[Any], rows: Rows, depth: int) -> Iterator[Piece]:
    for node in nodes:
        yield from _pieces(node, rows, depth - 1)


def _element(node: list[Any], rows: Rows, depth: int) -> Iterator[Piece]:
    _, tag, _, properties = node
    yield Begin(str(tag), _attributes(properties or {}))
    yield from _pieces((properties or {}).get("children"), rows, depth)
    yield None


def _attributes(properties: Mapping[str, Any]) -> dict[str, str]:
    """What React calls otherwise than HTML, as in HTML."""
    style = properties.get("style")
    declared = style.items() if isinstance(style, dict) else ()
    found = {
        "class": str(properties.get("className") or ""),
        "style": ";".join(f"{_CAPITAL.sub('-', name).lower()}:{value}" for name, value in declared),
        "aria-hidden": str(properties.get("aria-hidden", "")).lower(),
    }
    return found | ({"hidden": ""} if properties.get("hidden") else {})
