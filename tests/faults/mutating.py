"""Answers with random mutations; the same seed makes the same ones."""

import copy
import random
import re
from collections.abc import Callable
from typing import Any

from tests.faults.documents import Bodies, Document, Path, at
from tests.faults.prices import documents

_DEEP = re.compile(rb'"?levels-(\d+)-deep"?')  # replaced after writing: Python's own writers refuse such depths
_ODD_TEXTS = (
    "",
    " ",
    "-",
    "null",
    "NaN",
    "\0",
    "\x1b[2J",
    "\ud800",
    "\u202e",
    "٣",
    "１２",
    "½",
    "$",
    "€",
    "$1",
    "1e400",
)
_ODD_TEXTS += ("'; drop table instances; --", "<script>alert(1)</script>", "{{ 7*7 }}", "../../etc/passwd", "é" * 200)
_ODD_TEXTS += ("9" * 5000, "x" * 100_000, "$-1", "1,2,3", "0x10", "8x", "80 GB", "H100", "\n\r\t", "💸" * 40)
_ODD_TEXTS += tuple(f"levels-{levels}-deep" for levels in (90, 300, 900, 50_000))
_ODD_NUMBERS: tuple[Any, ...] = (0, -1, -0.01, 1e-9, 1e9, 1e300, 10**30, 10**12, float("nan"), float("inf"), -(2**63))
_ODD_NUMBERS += (0.1 + 0.2, 2**31, 1.5, 1e-30, 3)


def mutated(slug: str, seed: str) -> Bodies:
    """The provider's answers, one of them with one to three mutations."""
    chance = random.Random(seed)
    bodies = [one.write(one.root) for one in documents(slug)]
    answer = chance.randrange(len(bodies))
    one = documents(slug)[answer]
    if chance.random() < 0.75:
        bodies[answer] = _with_tree_changed(one, chance)
    if chance.random() < 0.3 or bodies[answer] == one.write(one.root):
        bodies[answer] = chance.choice(_BYTES)(bodies[answer], chance)
    return bodies


def _with_tree_changed(one: Document, chance: random.Random) -> bytes:
    root = copy.deepcopy(one.root)
    for _ in range(chance.randint(1, 3)):
        ways = _ways(root)
        if ways:
            chance.choice(_CHANGES)(root, ways, chance)
    try:
        written = one.write(root)
    except (ValueError, RecursionError, UnicodeError):  # the format can't express it
        return one.write(one.root)
    return _DEEP.sub(_nested, written)


def _nested(levels: re.Match[bytes]) -> bytes:
    return b"[" * int(levels[1]) + b"]" * int(levels[1])


def _ways(root: Any, path: Path = ()) -> list[Path]:
    """The path of every part of a tree, containers included."""
    found = []
    for key, value in root.items() if isinstance(root, dict) else enumerate(root):
        found.append((*path, key))
        if isinstance(value, dict | list):
            found += _ways(value, (*path, key))
    return found


def _holder(root: Any, way: Path) -> tuple[Any, Any]:
    return at(root, way[:-1]), way[-1]


def _drop(root: Any, ways: list[Path], chance: random.Random) -> None:
    holder, key = _holder(root, chance.choice(ways))
    del holder[key]


def _rename(root: Any, ways: list[Path], chance: random.Random) -> None:
    holder, key = _holder(root, chance.choice(ways))
    if isinstance(holder, dict):
        holder[chance.choice([f"{key}s", str(key).upper(), "", "price", "\u00e9"])] = holder.pop(key)


def _duplicate(root: Any, ways: list[Path], chance: random.Random) -> None:
    holder, key = _holder(root, chance.choice(ways))
    if isinstance(holder, list):
        holder.insert(chance.randint(0, len(holder)), copy.deepcopy(holder[key]))
    else:
        holder[f"{key} again"] = copy.deepcopy(holder[key])


def _swap(root: Any, ways: list[Path], chance: random.Random) -> None:
    (one, first), (other, second) = (_holder(root, chance.choice(ways)) for _ in range(2))
    one[first], other[second] = copy.deepcopy(other[second]), copy.deepcopy(one[first])


def _retype(root: Any, ways: list[Path], chance: random.Random) -> None:
    holder, key = _holder(root, chance.choice(ways))
    value = holder[key]
    other: list[Any] = [None, True, [], {}, [value], {"value": value}, str(value), [[[[value]]]]]
    holder[key] = chance.choice(other)


def _number_or_text(root: Any, ways: list[Path], chance: random.Random) -> None:
    holder, key = _holder(root, chance.choice(ways))
    value = holder[key]
    if isinstance(value, str):
        try:
            holder[key] = float(value)
        except ValueError:
            holder[key] = value + chance.choice(["0", " ", ".", "x"])
    elif isinstance(value, int | float):
        holder[key] = str(value)


def _odd(root: Any, ways: list[Path], chance: random.Random) -> None:
    holder, key = _holder(root, chance.choice(ways))
    holder[key] = chance.choice([*_ODD_TEXTS, *_ODD_NUMBERS])


def _odd_within(root: Any, ways: list[Path], chance: random.Random) -> None:
    holder, key = _holder(root, chance.choice(ways))
    if isinstance(holder[key], str):
        place = chance.randint(0, len(holder[key]))
        holder[key] = holder[key][:place] + chance.choice(_ODD_TEXTS) + holder[key][place:]


def _cut(body: bytes, chance: random.Random) -> bytes:
    return body[: chance.randint(0, len(body))]


def _flip(body: bytes, chance: random.Random) -> bytes:
    flipped = bytearray(body)
    for _ in range(chance.randint(1, 8)):
        if flipped:
            flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
    return bytes(flipped)


def _without_a_piece(body: bytes, chance: random.Random) -> bytes:
    start = chance.randint(0, len(body))
    return body[:start] + body[start + chance.randint(1, 200) :]


def _with_a_piece_twice(body: bytes, chance: random.Random) -> bytes:
    start = chance.randint(0, len(body))
    return body[: start + chance.randint(1, 200)] + body[start:]


def _with_bytes(body: bytes, chance: random.Random) -> bytes:
    start = chance.randint(0, len(body))
    return body[:start] + chance.randbytes(chance.randint(1, 40)) + body[start:]


_CHANGES: tuple[Callable[[Any, list[Path], random.Random], None], ...] = (
    _drop, _rename, _duplicate, _swap, _retype, _number_or_text, _odd, _odd, _odd_within,
)  # fmt: skip
_BYTES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _cut, _flip, _flip, _without_a_piece, _with_a_piece_twice, _with_bytes,
)  # fmt: skip
