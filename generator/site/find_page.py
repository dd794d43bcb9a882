"""A page by whatever people call it: its path, its address, its file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import orjson

from generator import urls
from generator.database import db
from generator.near_misses import nearest
from generator.output import disk
from generator.pages.registry import page_types
from generator.settings import Settings
from generator.site.content import ContentRow

_INDEX = "index.html"


@dataclass(frozen=True, slots=True)
class PagePath:
    """A page's path."""

    path: str


def candidates(stated: str, settings: Settings, out: Path) -> list[str]:
    """The paths that may be meant by a path, with or without slashes, an address, or a file of the output folder."""
    inside = unquote(_inside(stated, settings, out)).removesuffix(_INDEX).strip("/")
    path = "/" + quote(inside)
    return [f"{path}/", path] if inside else [urls.HOME]


def not_a_page(connection: db.Connection, paths: Sequence[str], settings: Settings, out: Path) -> str:
    """One line about a path that is no page: what it was or leads to, and the nearest paths."""
    said = [f"{paths[0]} is no page of the site", *_past(connection, paths), *_redirect(paths, settings, out)]
    known = [one.path for one in db.rows(connection, "page_paths", PagePath)]
    return "; ".join(filter(None, [*said, nearest(paths[0], _alike(known, paths[0]))]))


def _inside(stated: str, settings: Settings, out: Path) -> str:
    """What is stated, without the site's address or the output folder before it."""
    parts = urlsplit(stated)
    if parts.scheme in {"http", "https"}:
        return _without(parts.path, urls.base_path(settings.site_url))
    file = Path(stated)
    for folder in (out, out.absolute()):
        if file.is_relative_to(folder) and folder != Path():
            return str(file.relative_to(folder)) if file != folder else ""
    return _without(stated.partition("#")[0].partition("?")[0], urls.base_path(settings.site_url))


def _without(path: str, base: str) -> str:
    return path.removeprefix(base) if path == base or path.startswith(f"{base}/") else path


def _past(connection: db.Connection, paths: Sequence[str]) -> Iterator[str]:
    """That it was one, and what such a page needs."""
    needs = {kind.name: kind.needs for kind in page_types() if kind.needs}
    for row in db.rows(connection, "content_row", ContentRow, slug=urls.page_slug(paths[0])):
        if row.published_at and not row.is_published:
            yield f"it was one, and {needs.get(row.page_type, 'was taken off')}"


def _redirect(paths: Sequence[str], settings: Settings, out: Path) -> Iterator[str]:
    """Where the site's redirects take it."""
    base = urls.base_path(settings.site_url)
    for rule in orjson.loads(disk.read(out / "redirects.json") or b"[]"):
        if rule["from"].removeprefix(base) in paths:
            yield f"it redirects to {rule['to'].removeprefix(base)}"


def _alike(known: Sequence[str], path: str) -> Sequence[str]:
    """The paths in the same folder, where there are any: few enough to compare."""
    folder = path[: path.find("/", 1) + 1]
    return [one for one in known if one.startswith(folder)] or known
