"""Checks of a finished site: links and anchors, canonicals, titles, JSON-LD, sitemaps, no inline code.

They read a folder as a crawler would and know nothing of the database.
"""

import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from lxml import etree
from pydantic import TypeAdapter, ValidationError
from typing_extensions import TypedDict  # pydantic needs this one before Python 3.12

from generator import urls
from generator.output import disk
from generator.output.folder import MANIFEST, SiteFolder
from generator.site import checked_feeds
from generator.site.checked_page import CheckedPage, Finding, read
from generator.site.sitemaps import MAXIMUM
from generator.site.whole_site import TypeFigures, WholeSite

__all__ = ["Checked", "Finding", "FolderFiles", "check", "check_files", "check_pages", "checked"]

_OUTWARD = {"https", "http", "mailto"}
_CSS_ADDRESS = re.compile(rb"""(?:url\(\s*["']?|@import\s+["'])([^"')\s]+)""")


_Redirect = TypedDict("_Redirect", {"from": str, "to": str})
_SITEMAP = re.compile(r"^sitemaps/|(-\d+)?\.xml$")
_REDIRECTS = TypeAdapter(list[_Redirect])


class FolderFiles(Mapping[str, bytes]):
    """The files below a folder by path, without hidden ones; read when asked for, empty where they can't be read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._paths = dict.fromkeys(sorted(self._found()))

    def _found(self) -> Iterator[str]:
        for above, folders, names in os.walk(self.folder):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in names:
                if not name.startswith("."):
                    yield (Path(above) / name).relative_to(self.folder).as_posix()

    def __getitem__(self, path: str) -> bytes:
        if path not in self._paths:
            raise KeyError(path)
        return disk.read(self.folder / path) or b""

    def __contains__(self, path: object) -> bool:
        return path in self._paths

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


class Checked(NamedTuple):
    """What is wrong with a site, and its figures by page type."""

    findings: list[Finding]
    figures: list[TypeFigures]


def check(folder: Path, site_url: str) -> list[Finding]:
    """Everything wrong with the site in a folder; pages that no build wrote are not checked."""
    return checked(folder, site_url).findings


def checked(folder: Path, site_url: str) -> Checked:
    """What is wrong with the site in a folder, and its figures.

    Where files are not as builds wrote them, only those are reported; of a site for another address, only that.
    """
    site = SiteFolder(folder)
    known = site.files()
    if broken := list(_bookkeeping(site, known)):
        return Checked(broken, [])
    files = FolderFiles(folder)
    if other := _other_address(files, site_url):
        own = f"to check it for its own: CLOUDGPUS_SITE_URL={other} build.py check {folder}"
        return Checked([Finding("/", "address", f"built for {other}, but checked for {site_url}; {own}")], [])
    return _checked(files, site_url, [path for path in files if known is None or path in known])


def _bookkeeping(site: SiteFolder, known: Mapping[str, str] | None) -> Iterator[Finding]:
    """What is wrong with what builds keep beside the site, and files that differ from the manifest."""
    repair = f"build.py render --verify --out {site.path}"
    if site.waits:
        yield Finding(
            "/", "unfinished", f"half old, half new: a build's change is not finished; to finish it: {repair}"
        )
    if known is None and (site.generation() or os.path.lexists(site.path / MANIFEST)):
        yield Finding(f"/{MANIFEST}", "manifest", f"no list of the files that builds wrote; to make it again: {repair}")
    for path, damage in sorted(site.damaged(known or {}).items()):
        yield Finding(f"/{path}", "bytes", f"{damage} since a build wrote it; to repair it: {repair}")


def _other_address(files: Mapping[str, bytes], site_url: str) -> str:
    """The address that a site was built for, where robots.txt and the home page agree on another one; else ""."""
    canonical = read(urls.HOME, files.get("index.html", b""), site_url, with_texts=False).canonical
    named = canonical.removesuffix(urls.HOME)
    is_stated = named and _sitemap_line(named) in _lines(files, "robots.txt")
    return named if is_stated and named != site_url.rstrip("/") else ""


def _sitemap_line(site_url: str) -> str:
    return f"Sitemap: {urls.absolute(site_url, urls.SITEMAP_INDEX)}"


def _lines(files: Mapping[str, bytes], name: str) -> list[str]:
    return files.get(name, b"").decode("utf-8", "replace").splitlines()


def check_files(files: Mapping[str, bytes], site_url: str) -> list[Finding]:
    """Everything wrong with a site."""
    return _checked(files, site_url, files).findings


def _checked(files: Mapping[str, bytes], site_url: str, ours: Iterable[str]) -> Checked:
    """Links may lead to all of `files`, only pages among `ours` are checked."""
    site = _Site(files, site_url)
    pages = [site.page(name) for name in ours if _is_page(name)]
    if not pages:
        return Checked([Finding("/", "site", "no page; expected index.html at least")], [])
    found = [finding for page in pages for finding in _page_findings(site, page)]
    for rule in (_doubles, _references, _sitemap_findings, _feed_findings, _side_files):
        found += rule(site, pages)
    whole = WholeSite({page.path: page for page in pages}, _types(site), lambda page: _targets(site, page))
    return Checked(sorted({*found, *whole.findings()}), whole.figures())


def _is_page(name: str) -> bool:
    """Whether a file is a page: at the root, files that search engines ask for are none."""
    return name.endswith(".html") and ("/" in name or name in {"index.html", urls.output_file(urls.NOT_FOUND)})


def check_pages(files: Mapping[str, bytes], site_url: str, names: Collection[str]) -> list[Finding]:
    """Everything wrong with some pages (`gpu/a100/index.html`) and their links, but nothing about the whole site."""
    site = _Site(files, site_url, with_texts=False)
    pages = [site.page(name) for name in names if name.endswith(".html")]
    return sorted({finding for page in pages for finding in _page_findings(site, page)})


class _Site:
    """The files of a site by address; pages are parsed once, when first needed."""

    def __init__(self, files: Mapping[str, bytes], site_url: str, *, with_texts: bool = True) -> None:
        self.files, self._with_texts = files, with_texts
        self.url = site_url.rstrip("/")
        self.origin = self.url.removesuffix(self.base)
        self._pages: dict[str, CheckedPage] = {}
        self._problems: dict[str, str] = {}

    @cached_property
    def base(self) -> str:
        return urls.base_path(self.url)

    @cached_property
    def moved(self) -> frozenset[str]:
        """The addresses that redirect, without the origin."""
        return frozenset(
            line.split()[0] for line in _lines(self.files, "_redirects") if line.strip() and not line.startswith("#")
        )

    def page(self, name: str) -> CheckedPage:
        if name not in self._pages:
            is_index = name == "index.html" or name.endswith("/index.html")
            path = "/" + (name.removesuffix("index.html") if is_index else name)
            self._pages[name] = read(path, self.files[name], self.url, with_texts=self._with_texts)
        return self._pages[name]

    def file_at(self, address: str) -> str | None:
        """The file served at an address of this site; None for another site's address."""
        try:
            path = urlsplit(address).path
        except ValueError:
            return None
        if not address.startswith(self.origin + "/") or not path.startswith(self.base + "/"):
            return None
        return urls.output_file(unquote(path.removeprefix(self.base)))

    def path_at(self, address: str) -> str:
        """The path of an address of this site, without the site's own; "" for another site's."""
        inside = address.startswith(self.url + "/")
        return unquote(urlsplit(address).path).removeprefix(self.base) if inside else ""

    def problem(self, page: CheckedPage, reference: str) -> str:
        """What is wrong with a link or an asset, as a page writes it; "" where it is good or leaves the site."""
        key = reference if reference.startswith(("/", "http")) else f"{page.path} {reference}"
        if key not in self._problems:
            address = _joined(urls.absolute(self.url, page.path), reference)
            self._problems[key] = self._problem(address) if address else "is not an address"
        return self._problems[key]

    def _problem(self, address: str) -> str:
        parts = urlsplit(address)
        if parts.scheme not in _OUTWARD:
            return f"has the scheme {parts.scheme!r}; expected https, http or mailto"
        if not address.startswith(self.origin + "/") and address != self.origin:
            return ""
        name = self.file_at(address)
        if name is None:
            return f"leads outside the site's folder {self.base}/"
        if name not in self.files:
            return "leads to a redirect" if parts.path in self.moved else "leads nowhere"
        if parts.fragment and name.endswith(".html") and unquote(parts.fragment) not in self.page(name).anchors:
            return f"leads to {parts.fragment!r}, which is not on that page"
        return ""


def _joined(own: str, reference: str) -> str:
    """The absolute address of a reference on the page at `own`; "" where it is not an address, such as `http://[`."""
    try:
        return urljoin(own, reference)
    except ValueError:
        return ""


def _page_findings(site: _Site, page: CheckedPage) -> Iterator[Finding]:
    yield from page.findings
    for link in page.links:
        if problem := site.problem(page, link):
            yield Finding(page.path, "link", f"{link!r} {problem}")
    for address in page.named:
        if problem := site.problem(page, address.partition("#")[0]):
            yield Finding(page.path, "json-ld", f"{address!r} {problem}")
    for resource in page.resources:
        if resource.startswith("data:image/"):
            continue
        if problem := site.problem(page, resource):
            yield Finding(page.path, "asset", f"{resource!r} {problem}")
        elif site.file_at(_joined(urls.absolute(site.url, page.path), resource)) is None:
            yield Finding(page.path, "content-security", f"{resource!r} comes from another site")


def _doubles(_site: _Site, pages: list[CheckedPage]) -> Iterator[Finding]:
    rules: tuple[tuple[str, Callable[[CheckedPage], str]], ...] = (
        ("title", lambda page: page.title),
        ("description", lambda page: page.description),
        ("canonical", lambda page: page.canonical),
    )
    for rule, text_of in rules:
        holders = defaultdict(list)
        for page in pages:
            holders[text_of(page)].append(page.path)
        for text, paths in holders.items():
            for path in sorted(paths)[1:] if text else ():
                said = f"{rule} {text!r} is the same as that of {min(paths)}"
                yield Finding(path, rule, said, "error" if rule == "canonical" else "warning")


def _references(_site: _Site, pages: list[CheckedPage]) -> Iterator[Finding]:
    defined = {name for page in pages for name in page.defined}
    for page in pages:
        for name in page.referred - defined:
            yield Finding(page.path, "json-ld", f"@id {name!r} is defined nowhere")


def _sitemap_findings(site: _Site, pages: list[CheckedPage]) -> Iterator[Finding]:
    index = urls.output_file(urls.SITEMAP_INDEX)
    yield from _readable(site, index)
    names = [site.file_at(address) or address for address, _ in _entries(site, index)]
    listed: Counter[str] = Counter()
    for name in names:
        yield from _readable(site, name)
        entries = _entries(site, name)
        listed.update(address for address, _ in entries)
        if len(entries) > MAXIMUM:
            yield Finding("/" + name, "sitemap", f"{len(entries):,} entries; expected at most {MAXIMUM:,}")
    for name in [index, *names]:
        for address, changed in _entries(site, name):
            if not _is_aware(changed):
                yield Finding("/" + name, "sitemap", f"lastmod of {address} is {changed!r}; expected a date and time")
    expected = {urls.absolute(site.url, page.path): page for page in pages}
    for address in sorted(set(listed) | set(expected)):
        yield from _entry_findings(address, listed[address], expected.get(address))


def _entry_findings(address: str, times: int, page: CheckedPage | None) -> Iterator[Finding]:
    indexable = page is not None and page.is_indexable and page.path != urls.NOT_FOUND
    where = page.path if page else urls.SITEMAP_INDEX
    if times > 1:
        yield Finding(where, "sitemap", f"{address} is listed {times} times")
    if times and not indexable:
        yield Finding(where, "sitemap", f"{address} is listed, but " + ("is noindex" if page else "is not a page"))
    if indexable and not times:
        yield Finding(where, "sitemap", "indexable, but in no sitemap")


def _feed_findings(site: _Site, pages: list[CheckedPage]) -> Iterator[Finding]:
    front = next((page for page in pages if page.path == urls.HOME), pages[0])
    for name in (name for name in site.files if name.rpartition("/")[2] in {"feed.xml", "feed.json"}):
        address = urls.absolute(site.url, f"/{name}")
        for problem in checked_feeds.problems(site.files[name], address, lambda link: site.problem(front, link)):
            yield Finding(f"/{name}", "feed", problem)


def _readable(site: _Site, name: str) -> Iterator[Finding]:
    try:
        etree.fromstring(site.files[name])
    except KeyError:
        yield Finding("/" + name, "sitemap", "missing")
    except etree.XMLSyntaxError as error:
        yield Finding("/" + name, "sitemap", f"not XML: {error}")


def _entries(site: _Site, name: str) -> list[tuple[str, str]]:
    """(address, lastmod) of a sitemap or of the index; none where it can't be read."""
    try:
        root = etree.fromstring(site.files.get(name, b""))
    except etree.XMLSyntaxError:
        return []
    return [(entry.findtext("{*}loc") or "", entry.findtext("{*}lastmod") or "") for entry in root]


def _is_aware(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _types(site: _Site) -> dict[str, str]:
    """The page type of each indexable page, by the sitemap that lists it."""
    index = _entries(site, urls.output_file(urls.SITEMAP_INDEX))
    names = sorted(name for address, _ in index if (name := site.file_at(address)))
    listed = ((site.path_at(address), _SITEMAP.sub("", name)) for name in names for address, _ in _entries(site, name))
    return {path: name for path, name in listed if path}


def _targets(site: _Site, page: CheckedPage) -> set[str]:
    own = urls.absolute(site.url, page.path)
    paths = (urlsplit(_joined(own, link)) for link in page.links if not link.startswith("#"))
    return {unquote(parts.path).removeprefix(site.base) for parts in paths}


def _side_files(site: _Site, _pages: list[CheckedPage]) -> Iterator[Finding]:
    sitemap = _sitemap_line(site.url)
    if sitemap not in _lines(site.files, "robots.txt"):
        yield Finding("/robots.txt", "robots", f"expected the line {sitemap!r}")
    yield from _redirect_findings(site)
    for name in (name for name in site.files if name.endswith(".css")):
        for match in _CSS_ADDRESS.finditer(site.files[name]):
            reference = match[1].decode("utf-8", "replace")
            address = _joined(urls.absolute(site.url, "/" + name), reference)
            if not reference.startswith(("data:", "#")) and site.file_at(address) not in site.files:
                yield Finding("/" + name, "asset", f"{reference!r} is not a file of the site")


def _redirect_findings(site: _Site) -> Iterator[Finding]:
    try:
        rules = _REDIRECTS.validate_json(site.files.get("redirects.json", b"[]"))
    except ValidationError:
        yield Finding("/redirects.json", "redirect", 'not a list of redirects; expected [{"from": …, "to": …}, …]')
        return
    for rule in rules:
        if site.file_at(site.origin + rule["to"]) not in site.files:
            yield Finding(rule["from"], "redirect", f"leads to {rule['to']}, which is not a page")
        if site.file_at(site.origin + rule["from"]) in site.files:
            yield Finding(rule["from"], "redirect", "hides a page")
