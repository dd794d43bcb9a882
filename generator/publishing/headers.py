"""How a store is to serve a file: its type, and how long caches may keep it.

A static host that reads `_headers` from the site itself sets the rest: the content security policy, the ban on frames.
"""

import mimetypes
import re
from pathlib import PurePosixPath

from generator.output import disk

_TYPES = {
    "": "text/plain",  # _headers, _redirects
    ".css": "text/css",
    ".csv": "text/csv",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".map": "text/plain",  # redirects.map
    ".md": "text/markdown",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".xml": "application/xml",
}
_HASHED = re.compile(r"\.[0-9a-f]{10}\.\w+$")  # an address that changes with the bytes: generator/site/assets.py
_FOR_GOOD = "public, max-age=31536000, immutable"
_SHORTLY = "public, max-age=300, must-revalidate"

RULES = disk.hashed(repr((sorted(_TYPES.items()), _HASHED.pattern, _FOR_GOOD, _SHORTLY)).encode())
"""Changes with the rules, so that the files that were put under others are put again."""

_KNOWN = mimetypes.MimeTypes().types_map[True]  # what Python knows, without the files of this machine


def is_text(path: str) -> bool:
    """Whether a file is text in UTF-8."""
    return PurePosixPath(path).suffix in _TYPES


def content_type(path: str) -> str:
    """The type of a file, with the character set of text."""
    suffix = PurePosixPath(path).suffix
    if is_text(path):
        return f"{_TYPES[suffix]}; charset=utf-8"
    return _KNOWN.get(suffix, "application/octet-stream")


def cache_control(path: str) -> str:
    """How long caches may keep a file: a hashed one for good, others five minutes."""
    return _FOR_GOOD if _HASHED.search(path) else _SHORTLY
