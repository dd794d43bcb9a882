"""The data a Next.js page carries for its script: React's "flight" rows, decoded.

A page pushes pieces of one stream; the stream is rows, `7d:["$","td",...]`.  A row may name another by
"$L7d".  An element is `["$", tag, key, properties]`; a text that begins with a dollar sign has it doubled.
"""

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

Rows = Mapping[str, Any]

_PUSH = re.compile(r'self\.__next_f\.push\(\[1,\s*("[^"\\]*+(?:\\.[^"\\]*+)*+")\]\)')
_HEAD = re.compile(rb"([0-9a-f]*):(?:T([0-9a-f]+),)?")
_REFERENCE = re.compile(r"\$L?([0-9a-f]+)")


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
                yield head[1].decode(), json.loads(stream[head.end() : end], parse_float=Decimal)
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


def words(node: Any, rows: Rows, depth: int = 50) -> str:
    """The text of an element, what it refers to included.  Raises ValueError past 50 levels: a circle."""
    if depth == 0:
        raise ValueError("the page's data refer to each other in a circle")
    if isinstance(node, str):
        reference = _REFERENCE.fullmatch(node)
        if reference:
            return words(rows.get(reference[1]), rows, depth - 1)
        return node.removeprefix("$") if node.startswith("$$") else node
    if isinstance(node, list):
        if len(node) == 4 and node[0] == "$":
            return words((node[3] or {}).get("children"), rows, depth - 1)
        return " ".join(filter(None, (words(child, rows, depth - 1) for child in node)))
    return "" if node is None or isinstance(node, bool | dict) else str(node)
