"""Faults in the content of an answer: each makes faulty bodies from a provider's recorded ones."""

import copy
import re
from collections.abc import Callable, Sequence
from itertools import takewhile
from typing import Any

import lxml.html

from tests.faults.documents import Amount, Bodies, Document, at, text_of
from tests.faults.prices import documents, last_needed, price_amounts, shipped, ten_times, with_edit

SORRY = b"<!DOCTYPE html><html><head><title>Sorry</title></head><body><h1>Down for maintenance</h1></body></html>"
_OTHER = {"USD": "EUR", "EUR": "GBP", "INR": "USD", "$": "€", "€": "£", "₹": "$"}
_CODE = re.compile(r"\b(?:USD|EUR|INR)\b", re.IGNORECASE)
_SIGN = re.compile(r"\$?([$€₹])(?=\s?[\d.])")


def as_recorded(slug: str) -> Bodies:
    """The answers' bodies as recorded."""
    return [capture.body for capture in shipped(slug).captures]


def cut_short(slug: str) -> Bodies:
    """Cut the last needed answer off at two thirds, without an error."""
    return _with_the_last(slug, lambda body: body[: len(body) * 2 // 3])


def sorry_page(slug: str) -> Bodies:
    """Replace the last needed answer with a page for people, with status 200."""
    return _with_the_last(slug, lambda _: SORRY)


def _with_the_last(slug: str, edit: Callable[[bytes], bytes]) -> Bodies:
    return [edit(body) if place == last_needed(slug) else body for place, body in enumerate(as_recorded(slug))]


def emptied(slug: str) -> Bodies:
    """Empty the lists and tables that hold prices."""
    return _changed(slug, lambda one, paths: (_without_rows if _is_marked_up(one, paths) else _emptied)(one, paths))


def without_prices(slug: str) -> Bodies:
    """Remove all fields that hold a price; empty those in a list or a text."""
    if any(one.kind == "html" for one in documents(slug)):
        return with_edit(slug, price_amounts(slug), lambda _: "")
    return _changed(slug, _without_fields)


def first_price(edit: Callable[[str], str]) -> Callable[[str], Bodies]:
    """Edit one price and leave the others as recorded."""
    return lambda slug: with_edit(slug, _first(slug), edit)


def _first(slug: str) -> list[Amount]:
    """The first amount of a price that is not zero: a price may be stated as whole units and a fraction."""
    return [amount for amount in price_amounts(slug) if text_of(documents(slug), amount) != "0"][:1]


def all_ten_times(slug: str) -> Bodies:
    """Multiply all prices by ten."""
    return with_edit(slug, price_amounts(slug), ten_times)


def in_another_currency(slug: str) -> Bodies:
    """Replace every currency code and sign with another currency's; leave the numbers as recorded."""
    return _changed(slug, lambda one, _: one.write(_restated(one.root)))


def _restated(value: Any) -> Any:
    if isinstance(value, dict):
        return {_restated(key): _restated(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_restated(part) for part in value]
    if not isinstance(value, str):
        return value
    return _SIGN.sub(lambda sign: _OTHER[sign[1]], _CODE.sub(_swapped, value))


def _swapped(code: re.Match[str]) -> str:
    other = _OTHER[code[0].upper()]
    return other if code[0].isupper() else other.lower()


def _changed(slug: str, change: Callable[[Document, list[Any]], bytes]) -> Bodies:
    """Change each document by itself, given the paths of its prices."""
    by_answer: list[list[Any]] = [[] for _ in documents(slug)]
    for amount in price_amounts(slug):
        by_answer[amount.answer].append(amount.path)
    return [change(one, paths) for one, paths in zip(documents(slug), by_answer, strict=True)]


def _emptied(one: Document, paths: list[Any]) -> bytes:
    root = copy.deepcopy(one.root)
    if paths:
        _list_of(root, paths).clear()
    return one.write(root)


def _list_of(root: Any, paths: list[Any]) -> Any:
    """The innermost list or dict that holds all prices; for a single item, the outermost list that holds it."""
    common = _common([path[:-1] for path in paths]) if len(paths) > 1 else paths[0][:-1]
    holders = [common[:length] for length in range(len(common) + 1)]
    lists = [way for way in holders if isinstance(at(root, way), list)]
    return at(root, next(iter(lists), common) if len(paths) < 3 else common)


def _without_fields(one: Document, paths: list[Any]) -> bytes:
    root = copy.deepcopy(one.root)
    for *way, last in paths:
        holder = at(root, tuple(way))
        if isinstance(holder, dict):
            holder.pop(last, None)
        else:
            holder[last] = ""
    return one.write(root)


def _is_marked_up(one: Document, paths: list[Any]) -> bool:
    """Whether its prices stand in markup and not in data."""
    return one.kind == "html" and all(len(path) == 1 for path in paths)


def _without_rows(one: Document, _: list[Any]) -> bytes:
    """The page without the elements that hold a price, each up to the element that holds them all."""
    page = lxml.html.document_fromstring(one.write(one.root).decode())
    ways = [_way_to(element) for element in page.iter() if re.search(r"[$€₹]\s?[\d.]", element.text or "")]
    depth = min(len(_common(ways)), min(map(len, ways), default=1) - 1)  # a single price is removed without its table
    for element in {way[depth] for way in ways if len(way) > depth}:
        element.getparent().remove(element)
    return bytes(lxml.html.tostring(page, encoding="utf-8", doctype="<!doctype html>"))


def _common(ways: Sequence[Sequence[Any]]) -> Sequence[Any]:
    """The longest common prefix."""
    alike = takewhile(lambda keys: all(key == keys[0] for key in keys), zip(*ways, strict=False))
    return tuple(keys[0] for keys in alike)


def _way_to(element: Any) -> list[Any]:
    return [*reversed(list(element.iterancestors())), element]
