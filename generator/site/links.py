"""Links in a page's text: one that leads nowhere today is shown as text and reported, and stops no build.

A page's slices include whether each target exists, so the page is rendered again when one disappears or comes back.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from html import unescape
from urllib.parse import unquote

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.slices import Slice, SliceReader, hashed
from generator.catalogue.views.link_targets import leads_to, path_and_anchor, target
from generator.database import db
from generator.formats import plural
from generator.model.jsonld import JsonLd
from generator.model.page import Page
from generator.pages.registry import Planned, page_keys, page_types
from generator.prose.texts import KINDS, ReviewedText
from generator.site import page_json
from generator.site.assets import assets
from generator.site.built_pages import PageSlice, records, slices_of_view
from generator.site.page_formats import FORMATS
from generator.site.render import Renderer

_ID = re.compile(r'<[a-z][^<>]*?\sid="([^"]*)"')
_FILES = {
    "robots.txt",
    "llms.txt",
    urls.output_file(urls.SITEMAP_INDEX),
    urls.output_file(urls.FRESHNESS),
    urls.output_file(urls.RATES),
    urls.output_file(urls.OPENSEARCH),
}


class Anchors:
    """Where links may lead: the planned pages, the anchors on them, and the files that every build makes.

    The list of pages is made at the first question, and a page whose anchors are asked for is rendered; what either
    reads counts as read by whoever asks.
    """

    def __init__(self, catalogue: Catalogue, renderer: Renderer) -> None:
        self._catalogue, self._renderer = catalogue, renderer
        self._lists = [str(page_keys.slice(kind.name)) for kind in page_types()]
        self._html: dict[str, tuple[str, frozenset[str]]] = {}

    @cached_property
    def _pages(self) -> Mapping[str, Planned]:
        plan = planned(self._catalogue)
        return {FORMATS[name].file(kind.path(*key)): (kind, key) for kind, key in plan for name in kind.formats}

    @cached_property
    def _files(self) -> set[str]:
        return {*_FILES, *page_json.schemas(), *(asset.path.lstrip("/") for asset in assets().values())}

    def has(self, path: str, anchor: str = "") -> bool:
        """Whether there is a page or file at a path, and on it the anchor that a link names after "#"."""
        file = urls.output_file(path)
        found = file in self._pages or file in self._files
        self._catalogue.trace.note(self._lists)
        return found and (not anchor or anchor in map(unescape, _ID.findall(self._html_of(file))))

    def _html_of(self, file: str) -> str:
        if file not in self._pages:
            return ""
        if file not in self._html:
            kind, key = self._pages[file]
            read = SliceReader(self._catalogue)
            page = kind.page(read, JsonLd(self._renderer.site), *key)
            self._html[file] = self._renderer.render(page).decode(), frozenset(read.reads)
        html, reads = self._html[file]
        self._catalogue.trace.note(reads)
        return html


def with_anchors(catalogue: Catalogue, renderer: Renderer) -> Catalogue:
    """The catalogue of a build, in which `leads_to` knows where links lead."""
    made = replace(catalogue, statements=tuple(one.slug for one in renderer.site.statements))
    object.__setattr__(made, "addresses", Anchors(made, renderer))
    return made


def planned(catalogue: Catalogue) -> list[Planned]:
    """The pages of this build, in order."""
    return [(kind, key) for kind in page_types() for key in page_keys(catalogue, kind.name)]


def targets(page: Page, renderer: Renderer) -> dict[str, str]:
    """The targets of the links in a page's text that stay within the site, by their addresses as written.

    Those to what its own template has are left out: to find their anchor, the page would have to be made twice.
    """
    written = (href for href in sorted(renderer.links(page)) if not renderer.has_anchor(page, href))
    found = ((href, target(href, page.path, renderer.site.url)) for href in written)
    return {href: to for href, to in found if to is not None}


def without_dead_links(page: Page, read: SliceReader, renderer: Renderer) -> Page:
    """The page, with the links in its text that lead nowhere today marked as dead."""
    dead = {href for href, to in targets(page, renderer).items() if not read(leads_to, to)}
    return replace(page, dead_links=frozenset(dead)) if dead else page


def linking_to(connection: db.Connection, path: str) -> list[str]:
    """The paths of the pages whose text links to a page."""
    return _paths(connection, (one for to, one in _targets(connection).items() if path_and_anchor(to)[0] == path))


def links_in(connection: db.Connection) -> Mapping[str, int]:
    """How many pages link to a page in their texts, by its path; one that nobody links to is left out."""
    readers: dict[str, set[int]] = {}
    for to, one in _targets(connection).items():
        readers.setdefault(path_and_anchor(to)[0], set()).update(number for number in one.readers if number > 0)
    return {path: len(numbers) for path, numbers in readers.items() if numbers}


def problems(connection: db.Connection, catalogue: Catalogue, files: Iterable[ReviewedText]) -> Iterator[str]:
    """A line for each dead link in each text, as recorded, and for each related guide that is not live.

    For texts from templates there is one for each dead link.  `files` are the texts that have a file.
    """
    live = {text.path for text in catalogue.texts}
    off = {text.path: text.slug for text in files if text.path not in live}
    dead = {to: one for to, one in _targets(connection).items() if one.version == hashed(False)}
    for to, one in sorted(dead.items()):
        yield from dead_link_lines(to, _paths(connection, [one]), off)
    for text in catalogue.texts:
        for related in [slug for slug in text.related if urls.guide(slug) in off]:
            said = f"the related guide {related} is not live and is not listed"
            yield f"{text.file}: {said}; {_publish(related)}"


def _targets(connection: db.Connection) -> dict[str, PageSlice]:
    """The recorded targets of links."""
    return {Slice.named(one.name).args[0]: one for one in slices_of_view(connection, leads_to.name)}


def _paths(connection: db.Connection, slices: Iterable[PageSlice]) -> list[str]:
    """The paths of the pages that read these slices."""
    numbers = {number for one in slices for number in one.readers if number > 0}
    return sorted(records(connection, numbers=sorted(numbers)))


def dead_link_lines(to: str, paths: list[str], off: Mapping[str, str]) -> Iterator[str]:
    """The lines about a dead link: one for each text that people wrote, else one for all generated pages.

    `off` are the paths of texts that are not live, with their slugs.
    """
    said = f"the link to {unquote(to).removesuffix('#')} leads nowhere today and is shown as text"
    gone = off.get(path_and_anchor(to)[0])
    written = {path: file for path in paths if (file := _content_file(path))}
    for path, file in written.items():
        yield f"{file}: {said}; {_publish(gone) if gone else _edit(path)}"
    if paths and not written:
        more = f" and {plural(len(paths) - 1, 'other page')}" if len(paths) > 1 else ""
        yield f"{paths[0]}{more}: {said}"


def _content_file(path: str) -> str | None:
    """The file of the text that people wrote for a page; None for a page without one."""
    if path == urls.METHODOLOGY:
        return "content/methodology.md"
    folder, _, slug = path.strip("/").rpartition("/")
    kind = next((kind for kind in KINDS.values() if kind.address == folder), None)
    return f"content/{kind.folder}/{slug}.md" if kind and slug else None


def _publish(slug: str) -> str:
    return f"to bring it back: build.py content publish {slug} --reviewer NAME"


def _edit(path: str) -> str:
    if path == urls.METHODOLOGY:
        return "correct it there, then: build.py render"
    return f"correct it there, then: build.py content approve {path.rstrip('/').rpartition('/')[2]} --reviewer NAME"
