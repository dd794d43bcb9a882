"""What goes wrong in an answer that arrives: each fault makes other bodies of a provider's recorded ones."""

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
    """The answers as they are."""
    return [capture.body for capture in shipped(slug).captures]


def cut_short(slug: str) -> Bodies:
    """The last answer that is needed ends at two thirds, and nothing says so."""
    return _with_the_last(slug, lambda body: body[: len(body) * 2 // 3])


def sorry_page(slug: str) -> Bodies:
    """In place of the last answer that is needed a page for people, with status 200."""
    return _with_the_last(slug, lambda _: SORRY)


def _with_the_last(slug: str, edit: Callable[[bytes], bytes]) -> Bodies:
    return [edit(body) if place == last_needed(slug) else body for place, body in enumerate(as_recorded(slug))]


def emptied(slug: str) -> Bodies:
    """The lists and tables that held prices hold nothing."""
    return _changed(slug, lambda one, paths: (_without_rows if _is_marked_up(one, paths) else _emptied)(one, paths))


def without_prices(slug: str) -> Bodies:
    """All fields that held a price are gone; what stands in a list or a text is empty."""
    if any(one.kind == "html" for one in documents(slug)):
        return with_edit(slug, price_amounts(slug), lambda _: "")
    return _changed(slug, _without_fields)


def first_price(edit: Callable[[str], str]) -> Callable[[str], Bodies]:
    """One price is edited, the others are as they were."""
    return lambda slug: with_edit(slug, _first(slug), edit)


def _first(slug: str) -> list[Amount]:
    """The first amount of the prices that is not zero: a price may be stated as whole units and their parts."""
    return [amount for amount in price_amounts(slug) if text_of(documents(slug), amount) != "0"][:1]


def all_ten_times(slug: str) -> Bodies:
    """All prices are ten times what they were."""
    return with_edit(slug, price_amounts(slug), ten_times)


def in_another_currency(slug: str) -> Bodies:
    """Wherever a currency is stated, by code or by sign, it is another one; the numbers are as they were."""
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
    """Each document changed by itself, given the ways to its prices."""
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
    """The innermost list or dict that holds all prices; of a single item, the outermost list on the way to it."""
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
    """Whether its prices stand in tags and texts, not in data."""
    return one.kind == "html" and all(len(path) == 1 for path in paths)


def _without_rows(one: Document, _: list[Any]) -> bytes:
    """The page without whatever holds a price, up to the part that they all stand in."""
    page = lxml.html.document_fromstring(one.write(one.root).decode())
    ways = [_way_to(element) for element in page.iter() if re.search(r"[$€₹]\s?[\d.]", element.text or "")]
    depth = min(len(_common(ways)), min(map(len, ways), default=1) - 1)  # one price alone goes without its table
    for element in {way[depth] for way in ways if len(way) > depth}:
        element.getparent().remove(element)
    return bytes(lxml.html.tostring(page, encoding="utf-8", doctype="<!doctype html>"))


def _common(ways: Sequence[Sequence[Any]]) -> Sequence[Any]:
    """What all begin with."""
    alike = takewhile(lambda keys: all(key == keys[0] for key in keys), zip(*ways, strict=False))
    return tuple(keys[0] for keys in alike)


def _way_to(element: Any) -> list[Any]:
    return [*reversed(list(element.iterancestors())), element]
