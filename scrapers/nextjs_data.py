"""The data that a Next.js page carries for its script: React's "flight" rows, decoded.

The page pushes pieces of one stream, which consists of rows such as `7d:["$","td",...]`.  A row may refer to another as
"$L7d".  An element is `["$", tag, key, properties]`; text that begins with a dollar sign has it doubled.
"""

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

from scrapers.parse import json_value
from scrapers.visible_text import Begin, Piece, text_of_pieces

Rows = Mapping[str, Any]

# A piece of the stream, as a JSON string; possessive, so that no page makes the search slow.
_PUSH = re.compile(r'self\.__next_f\.push\(\[1,\s*("[^"\\]*+(?:\\.[^"\\]*+)*+")\]\)')
_HEAD = re.compile(rb"([0-9a-f]*):(?:T([0-9a-f]+),)?")  # a row's id; of a text row, its length too
_REFERENCE = re.compile(r"\$L?([0-9a-f]+)")
_CAPITAL = re.compile(r"(?=[A-Z])")


def flight_rows(page: str) -> dict[str, Any]:
    """The JSON values of the rows, by row id; rows of text, modules and hints are left out.

    Raises ValueError where the page has none.
    """
    stream = "".join(json.loads(text) for text in _PUSH.findall(page))
    rows = dict(_rows(stream.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()))
    if not rows:
        raise ValueError("no Next.js data (self.__next_f.push) in the page")
    return rows


def _rows(stream: bytes) -> Iterator[tuple[str, Any]]:
    at = 0
    while at < len(stream):
        head = _HEAD.match(stream, at)
        if head and head[2]:  # a text row states its length in bytes and ends without a line break
            at = head.end() + int(head[2], 16)
            continue
        end = stream.find(b"\n", at)
        end = len(stream) if end < 0 else end
        try:
            if head:
                yield head[1].decode(), json_value(stream[head.end() : end])
        except ValueError:
            pass  # a module ("I[...]") or a hint ("HL[...]"), which is not JSON
        at = end + 1


def values_of(tree: Any, key: str) -> Iterator[Any]:
    """All values under `key`, anywhere in the tree."""
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
    """The key and children of each element with this tag and a key, anywhere in the tree."""
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
    """The visible text of an element and what it refers to.  Raises ValueError past 50 levels, which mean a circle."""
    return text_of_pieces(_pieces(node, rows, 50))


def _pieces(node: Any, rows: Rows, depth: int) -> Iterator[Piece]:
    if depth == 0:
        raise ValueError("the page's rows refer to each other in a circle")
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
    """The attributes that decide whether text is visible, under HTML's names instead of React's."""
    style = properties.get("style")
    declared = style.items() if isinstance(style, dict) else ()
    found = {
        "class": str(properties.get("className") or ""),
        "style": ";".join(f"{_CAPITAL.sub('-', name).lower()}:{value}" for name, value in declared),
        "aria-hidden": str(properties.get("aria-hidden", "")).lower(),
    }
    return found | ({"hidden": ""} if properties.get("hidden") else {})
