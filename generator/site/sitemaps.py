"""The files beside the pages: sitemaps, robots.txt, rules for the host, redirects, exact confirmation times.

Every function takes plain values and returns files: path in the output folder -> bytes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import groupby
from typing import NamedTuple
from urllib.parse import unquote
from xml.sax.saxutils import escape

import orjson

from generator import urls

MAXIMUM = 50_000  # addresses in one sitemap (sitemaps.org)
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_YEAR = 365 * 24 * 3600
_FOLDER = urls.output_file(urls.sitemap("")).rpartition("/")[0] + "/"

_EVERYWHERE = (
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("X-Content-Type-Options", "nosniff"),
)
_FOR_PROGRAMS = ("/*.md", "/api/*", "/badge/*", "/*.csv", "/*.sqlite")  # what search engines are not to list
_NOT_LISTED = (("X-Robots-Tag", "noindex"),)
_FOR_GOOD = (("Cache-Control", f"public, max-age={_YEAR}, immutable"),)


class Entry(NamedTuple):
    """An indexable page; `last_modified` is when its main content last changed."""

    path: str
    page_type: str
    last_modified: datetime


class Part(NamedTuple):
    """A sitemap of a page type, the `number`th: when the newest of its pages last changed."""

    page_type: str
    number: int
    newest: datetime

    @property
    def path(self) -> str:
        """Its address."""
        return urls.sitemap(self.page_type if self.number == 1 else f"{self.page_type}-{self.number}")


def sitemaps(site_url: str, pages: Iterable[Entry], others: Iterable[Part] = ()) -> dict[str, bytes]:
    """The sitemap index and one sitemap per page type (more where a type has over 50,000); indexable pages only.

    `others` are the sitemaps of other page types, which are only listed.
    """
    files, parts = {}, list(others)
    for part, entries in _parts(sorted(pages, key=lambda entry: (entry.page_type, entry.path))):
        lines = [_element("url", urls.absolute(site_url, entry.path), entry.last_modified) for entry in entries]
        files[urls.output_file(part.path)] = _document("urlset", lines)
        parts.append(part)
    listed = [_element("sitemap", urls.absolute(site_url, part.path), part.newest) for part in sorted(parts)]
    return {urls.output_file(urls.SITEMAP_INDEX): _document("sitemapindex", listed), **files}


def unlisted(held: Iterable[str], files: Mapping[str, bytes]) -> set[str]:
    """The sitemaps among the held files that a new index, if it is among `files`, no longer lists."""
    index = files.get(urls.output_file(urls.SITEMAP_INDEX))
    if index is None:
        return set()
    return {path for path in held if path.startswith(_FOLDER) and f"/{path}</loc>".encode() not in index}


def robots(site_url: str) -> dict[str, bytes]:
    """robots.txt: everything may be read."""
    sitemap = urls.absolute(site_url, urls.SITEMAP_INDEX)
    return {"robots.txt": f"User-agent: *\nAllow: /\n\nSitemap: {sitemap}\n".encode()}


def headers(site_url: str, policy: str, lasting: Iterable[str]) -> dict[str, bytes]:
    """`_headers`, as static hosts read it: the pages' content security policy and a ban on frames, for every path.

    Files for programs are not for search engines.

    `lasting` are paths of files whose address changes with their bytes, so that caches may keep them for ever.
    """
    base = urls.base_path(site_url)
    everywhere = (("Content-Security-Policy", f"{policy}; frame-ancestors 'none'"), *_EVERYWHERE)
    unlisted_paths = ((base + path, _NOT_LISTED) for path in _FOR_PROGRAMS)
    rules = [(f"{base}/*", everywhere), *unlisted_paths, *((base + path, _FOR_GOOD) for path in sorted(lasting))]
    blocks = ["\n".join([path, *(f"  {name}: {value}" for name, value in pairs)]) for path, pairs in rules]
    return {"_headers": ("\n\n".join(blocks) + "\n").encode()}


def redirects(site_url: str, moved: Mapping[str, str]) -> dict[str, bytes]:
    """Permanent redirects, old path -> new path: `_redirects` as static hosts read it, for nginx, and as JSON."""
    base = urls.base_path(site_url)
    pairs = [(base + old, base + new) for old, new in sorted(moved.items())]
    rules = [{"from": old, "to": new, "status": 301} for old, new in pairs]
    return {
        "redirects.json": orjson.dumps(rules, option=orjson.OPT_INDENT_2),
        "redirects.map": "".join(f"{_quoted(old)} {new};\n" for old, new in pairs).encode(),
        "_redirects": "".join(f"{old} {new} 301\n" for old, new in pairs).encode(),
    }


def _quoted(path: str) -> str:
    """A path as nginx compares it, decoded, with its map's own characters escaped."""
    escaped = unquote(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def reversed_comparisons(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """For each compared pair of slugs: the address that names them the other way round -> the page's own."""
    return {urls.compare_reversed(one, other): urls.compare(one, other) for one, other in pairs}


def moved_up(former: Iterable[str], has: Callable[[str], bool]) -> dict[str, str]:
    """For each former page that is no more: its address -> the nearest page above it."""
    return {path: _above(path, has) for path in former if not has(path)}


def _above(path: str, has: Callable[[str], bool]) -> str:
    while path != urls.HOME:
        path = path.rstrip("/").rpartition("/")[0] + "/"
        if has(path):
            break
    return path


def freshness(confirmed: Mapping[str, datetime], as_of: datetime) -> dict[str, bytes]:
    """freshness.json: when each provider's prices (by slug) were last confirmed; the pages' script reads it."""
    providers = {slug: _instant(at) for slug, at in sorted(confirmed.items())}
    return {urls.output_file(urls.FRESHNESS): orjson.dumps({"as_of": _instant(as_of), "providers": providers})}


def _parts(pages: list[Entry]) -> Iterator[tuple[Part, list[Entry]]]:
    """Each sitemap with its entries."""
    for page_type, entries in groupby(pages, key=lambda entry: entry.page_type):
        ordered = list(entries)
        for start in range(0, len(ordered), MAXIMUM):
            listed = ordered[start : start + MAXIMUM]
            yield Part(page_type, start // MAXIMUM + 1, max(entry.last_modified for entry in listed)), listed


def _element(name: str, address: str, last_modified: datetime) -> str:
    return f"<{name}><loc>{escape(address)}</loc><lastmod>{_instant(last_modified)}</lastmod></{name}>"


def _document(root: str, elements: Iterable[str]) -> bytes:
    lines = "\n".join(elements)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_NAMESPACE}">\n{lines}\n</{root}>\n'.encode()


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
