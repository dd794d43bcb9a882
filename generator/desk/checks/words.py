"""The words that the checks look for: words.ini, as patterns."""

import re
from collections.abc import Mapping
from configparser import RawConfigParser
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("words.ini")


def pattern(*names: str) -> re.Pattern[str]:
    """The words of these lists, each found as a whole, in either case."""
    return _compiled(names)


@cache
def _compiled(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(_lists()[name] for name in names)})(?!\w)", re.IGNORECASE)


def fields() -> Mapping[str, tuple[str, ...]]:
    """The lists of words for terms, by name, with the fields that state them: () for those that none does."""
    named = (name for name in _lists() if name.startswith("term_"))
    return {name: tuple(part.removeprefix("term_") for part in name.split() if part != "term_nobody") for name in named}


@cache
def _lists() -> Mapping[str, str]:
    """The lists by name, each as one alternative."""
    lists = RawConfigParser(allow_no_value=True, delimiters=("\0",), comment_prefixes=("#",), strict=False)
    lists.optionxform = str  # type: ignore[assignment, method-assign]
    lists.read_string(FILE.read_text("utf-8"))
    return {name: "|".join(lists[name]) for name in lists.sections()}
