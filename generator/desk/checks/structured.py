"""A draft's JSON-LD: of kinds that search engines still read, and nothing in it that its page does not show."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from generator.desk.checks.form import Placed
from generator.desk.checks.subject import Subject
from generator.errors import BrokenContent
from generator.prose import bindings
from generator.site.checked_jsonld import NEVER, NEVER_PROPERTIES, VOCABULARY

_RETIRED = {"HowTo": "search engines retired it", "Rating": "nobody rated", **NEVER}
_KEYS = frozenset(
    {"@type", "@context", "@id", "@graph", "url", "priceCurrency", "inLanguage", "sameAs", "item", "image"}
)
_NEVER = {*NEVER_PROPERTIES, "ratingValue", "reviewCount", "ratingCount", "bestRating"}
_CONTEXT = "https://schema.org"


def structured_data(subject: Subject) -> Iterator[Placed]:
    """What is wrong with the JSON-LD of a draft."""
    data = subject.draft.structured_data
    if not data:
        return
    if not isinstance(data, Mapping):
        yield "structured_data", 0, 1, f"JSON-LD is not an object but {type(data).__name__}; expected {{...}}"
        return
    if data.get("@context", _CONTEXT) not in {_CONTEXT, f"{_CONTEXT}/"} or not ({"@type", "@graph"} & data.keys()):
        yield "structured_data", 0, 1, f'expected "@context": "{_CONTEXT}" and "@type" or "@graph"'
    text = json.dumps(data, ensure_ascii=False)
    shown = _plain(_shown(subject))
    for path, value in _leaves(data):
        key = path[-1] if path else ""
        if problem := _problem(key, value, shown, subject):
            at = max(text.find(json.dumps(value, ensure_ascii=False)), 0)
            yield "structured_data", at, at + len(str(value)), f"{'.'.join(path)}: {problem}"


def _problem(key: str, value: Any, shown: str, subject: Subject) -> str:
    if key == "@type":
        return f"{value}: {_RETIRED[value]}" if value in _RETIRED else _unknown_type(value)
    if key in _NEVER:
        return "nobody reviewed or rated"
    if key == "url" or key in _KEYS:
        return ""
    said = _plain(_filled(str(value), subject))
    return "" if said and said in shown else f'"{value}" is not on the page; expected what its text says'


def _unknown_type(value: Any) -> str:
    known = orjson.loads(VOCABULARY.read_bytes())
    types = known.get("types", known)
    return "" if value in types else f"{value} is no type of schema.org that pages use"


def _leaves(data: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(data, Mapping):
        for key, value in data.items():
            if key in _NEVER:
                yield (*path, key), value
            else:
                yield from _leaves(value, (*path, str(key)))
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _leaves(value, path)
    elif data is not None and not isinstance(data, bool):
        yield path, data


def _shown(subject: Subject) -> str:
    draft = subject.draft
    own = " ".join(_filled(part, subject) for part in (draft.title, draft.description, draft.markdown))
    return f"{own} {subject.around.shown}"


def _filled(text: str, subject: Subject) -> str:
    try:
        return bindings.resolve(text, subject.around.lookup).text
    except BrokenContent:
        return text


def _plain(text: str) -> str:
    words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return " ".join(re.sub(r"[*_`$#|\\]", "", words).casefold().split())
