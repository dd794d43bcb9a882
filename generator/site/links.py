"""Links in a page's text: one that leads nowhere today is shown as text and reported, and stops no build.

A page's slices include whether each target exists, so the page is rendered again when one disappears or comes back.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Protocol
from urllib.parse import unquote

from generator import urls
from generator.catalogue.addresses import Addresses
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.slices import Slice, SliceReader
from generator.catalogue.views.link_targets import leads_to, path_and_anchor, target
from generator.formats import plural
from generator.model.jsonld import JsonLd
from generator.model.page import Page
from generator.pages.registry import Planned
from generator.site.assets import assets
from generator.site.page_formats import FORMATS
from generator.site.render import Renderer

_FILES = {"robots.txt", urls.output_file(urls.SITEMAP_INDEX), "freshness.json"}


class Linking(Protocol):
    """What is needed of a page's record (`built_pages.PageRecord`)."""

    @property
    def path(self) -> str:
        """Its address."""
        ...

    @property
    def inputs(self) -> dict[str, str]:
        """The slices that it read: name -> version."""
        ...


def addresses(
    plan: Iterable[Planned], catalogue: Catalogue, renderer: Renderer, kept: Callable[[str], bytes | None]
) -> Addresses:
    """Where links may lead: to the planned pages, and the files that every build makes.

    `kept` returns a page's HTML by its path, None where it must be rendered to find its anchors.
    """
    pages = {urls.output_file(page_type.path(*key)): (page_type, key) for page_type, key in plan}

    def html(file: str) -> str:
        if file not in pages:
            return ""
        page_type, key = pages[file]
        found = kept(page_type.path(*key))
        return (found or renderer.render(page_type.page(SliceReader(catalogue), JsonLd(renderer.site), *key))).decode()

    written = {FORMATS[name].file(kind.path(*key)) for kind, key in pages.values() for name in kind.formats}
    return Addresses({*written, *_FILES, *(asset.path.lstrip("/") for asset in assets().values())}, html)


def targets(page: Page, renderer: Renderer) -> dict[str, str]:
    """The targets of the links in a page's text that stay within the site, by their addresses as written."""
    found = ((href, target(href, page.path, renderer.site.url)) for href in sorted(renderer.links(page)))
    return {href: to for href, to in found if to is not None}


def without_dead_links(page: Page, read: SliceReader, renderer: Renderer) -> Page:
    """The page, with the links in its text that lead nowhere today marked as dead."""
    dead = {href for href, to in targets(page, renderer).items() if not read(leads_to, to)}
    return replace(page, dead_links=frozenset(dead)) if dead else page


def others(inputs: Mapping[str, str]) -> dict[str, str]:
    """The slices that a page read without the targets of its links: those that decide which anchors it has."""
    return {name: version for name, version in inputs.items() if not _targets([name])}


def linking_to(path: str, pages: Iterable[Linking]) -> list[str]:
    """The paths of the pages whose text links to a page."""
    return sorted(page.path for page in pages if any(path_and_anchor(to)[0] == path for to in _targets(page.inputs)))


def _targets(names: Iterable[str]) -> list[str]:
    """The targets among the slices of these names."""
    return [slice_.args[0] for slice_ in map(Slice.named, names) if slice_.view == leads_to.name]


def problems(catalogue: Catalogue, pages: Collection[Linking], guides: Collection[str]) -> Iterator[str]:
    """A line for each dead link in each text, and for each related guide that is not live.

    For texts from templates there is one for each dead link.  `guides` are the slugs of those that have a file.
    """
    off = set(guides) - catalogue.guides.keys()
    dead = [args[0] for (view, args), leads in catalogue.memo.items() if view == leads_to.name and not leads]
    for to in sorted(dead):
        name = str(leads_to.slice(to))
        yield from dead_link_lines(to, sorted(page.path for page in pages if name in page.inputs), off)
    for slug, guide in catalogue.guides.items():
        for related in off.intersection(guide.related):
            said = f"the related guide {related} is not live and is not listed"
            yield f"content/guides/{slug}.md: {said}; {_publish(related)}"


def dead_link_lines(to: str, paths: list[str], off: Collection[str]) -> Iterator[str]:
    """The lines about a dead link: one for each text that people wrote, else one for all generated pages."""
    said = f"the link to {unquote(to).removesuffix('#')} leads nowhere today and is shown as text"
    gone = next((slug for slug in off if path_and_anchor(to)[0] == urls.guide(slug)), None)
    written = [
        path for path in paths if path == urls.METHODOLOGY or path.removeprefix(urls.GUIDE_INDEX) not in {path, ""}
    ]
    for path in written:
        yield f"content{path.rstrip('/')}.md: {said}; {_publish(gone) if gone else _edit(path)}"
    if paths and not written:
        more = f" and {plural(len(paths) - 1, 'other page')}" if len(paths) > 1 else ""
        yield f"{paths[0]}{more}: {said}"


def _publish(slug: str) -> str:
    return f"to bring it back: build.py content publish {slug} --reviewer NAME"


def _edit(path: str) -> str:
    if path == urls.METHODOLOGY:
        return "correct it there, then: build.py render"
    return f"correct it there, then: build.py content approve {path.rstrip('/').rpartition('/')[2]} --reviewer NAME"
