"""What a static host makes of a site: `_redirects` and `_headers` as it reads them, and the types of files."""

import mimetypes
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import PurePath

_TEXT = {".css", ".csv", ".html", ".js", ".json", ".md", ".svg", ".txt", ".xml"}
_TYPES = {
    ".csv": "text/csv",
    ".js": "text/javascript",
    ".json": "application/json",
    ".md": "text/markdown",
    ".sqlite": "application/vnd.sqlite3",
    ".svg": "image/svg+xml",
    ".xml": "application/xml",
}


def content_type(name: str) -> str:
    """The media type of a file with this name; text is UTF-8."""
    suffix = PurePath(name).suffix
    kind = _TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if suffix in _TEXT else kind


def redirects(rules: bytes) -> Mapping[str, str]:
    """The lines of `_redirects`, old path -> new path; of two lines for one path the first counts."""
    found: dict[str, str] = {}
    for line in rules.decode("utf-8", "replace").splitlines():
        match line.split():
            case [old, new, _status] if not old.startswith("#"):
                found.setdefault(old, new)
    return found


def headers(rules: bytes, path: str) -> Mapping[str, str]:
    """The headers of a path, from every rule of `_headers` that matches it; a later rule replaces an earlier one."""
    return {"Cache-Control": "no-cache", **dict(_matching(rules, path))}


def _matching(rules: bytes, path: str) -> Iterator[tuple[str, str]]:
    matches = False
    for line in rules.decode("latin-1").splitlines():
        if line.startswith("/"):
            matches = fnmatchcase(path, line.strip())
        elif matches and ":" in line:
            name, _, value = line.strip().partition(":")
            yield name, value.strip()
