"""JSON of providers' values, for columns of the database."""

import json
import math
from collections.abc import Mapping
from typing import Any

import orjson

from generator.database import db

_OPTIONS = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_SUBCLASS


def plain_json(value: Any) -> str:
    """A provider's value as JSON that PostgreSQL can store: no NUL, no lone surrogate, no infinite number."""
    try:
        text = orjson.dumps(value, default=_simpler, option=_OPTIONS)
    except TypeError:  # a lone surrogate, a number that is too long, a key that is not text
        return json.dumps(_plain(value), ensure_ascii=False, allow_nan=False)
    if b"\\u0000" in text:
        return json.dumps(_plain(value), ensure_ascii=False, allow_nan=False)
    return text.decode()


def _simpler(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else str(value)


def _plain(value: Any) -> Any:
    """A provider's value without what PostgreSQL can't store as JSON."""
    match value:
        case str():
            return db.text(value)
        case float():
            return value if math.isfinite(value) else None
        case None | bool() | int():
            return value
        case Mapping():
            return {db.text(str(key)): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case _:
            return db.text(str(value))
