"""Checks the links in guides and methodology as their files are now, without a build."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from generator import urls
from generator.catalogue.addresses import Addresses
from generator.catalogue.catalogue import Catalogue, guides_of
from generator.catalogue.gather import Snapshot
from generator.catalogue.slices import SliceReader
from generator.catalogue.tables import Trace
from generator.catalogue.views.link_targets import path_and_anchor
from generator.database import db, runs
from generator.errors import BrokenContent
from generator.model.jsonld import JsonLd
from generator.model.page import Page
from generator.pages import guide, methodology
from generator.prose.guides import Guide
from generator.settings import Settings
from generator.site import links, site_catalogue
from generator.site.render import Renderer
from generator.site.store import Settled


def dead_links(connection: db.Connection, settings: Settings, files: Sequence[Guide]) -> dict[str, list[str]]:
    """By the path of a page, a line for each link in these guides and the methodology that leads nowhere today.

    A link to a guide that is not live is dead; a guide whose bindings name an unknown slug has a line for that.
    Before the first refresh it is not known which pages there are: {}.
    """
    as_of = runs.last_as_of(connection)
    if as_of is None:
        return {}
    db.rows(connection, "settle_slices", Settled, as_of=as_of)
    connection.commit()
    today, _ = site_catalogue.gathered(Snapshot(connection), as_of, files)
    drafts = {one.slug: one for one in files}
    drafted = replace(today, guides=guides_of({**today.guides, **drafts}), memo={}, aggregates={}, trace=Trace())
    renderer = Renderer(site_catalogue.site_of(settings, today))
    everything, now = links.Anchors(drafted, renderer), links.Anchors(today, renderer)
    off = drafts.keys() - today.guides.keys()
    paths = [urls.METHODOLOGY, *map(urls.guide, drafts)]
    return {path: list(_lines(path, drafted, renderer, _Both(path, now, everything), off)) for path in paths}


@dataclass(frozen=True, slots=True)
class _Both:
    """The pages there are now, with their anchors as drafted; and the draft's own."""

    own: str
    now: Addresses
    drafted: Addresses

    def has(self, path: str, anchor: str = "") -> bool:
        return (path == self.own or self.now.has(path)) and self.drafted.has(path, anchor)


def _lines(
    path: str, drafted: Catalogue, renderer: Renderer, addresses: Addresses, off: Collection[str]
) -> Iterator[str]:
    try:
        page = _page(path, drafted, renderer)
    except BrokenContent as problem:
        yield problem.message
        return
    for to in links.targets(page, renderer).values():
        if not addresses.has(*path_and_anchor(to)):
            yield from links.dead_link_lines(to, [path], off)


def _page(path: str, drafted: Catalogue, renderer: Renderer) -> Page:
    read, ld = SliceReader(drafted), JsonLd(renderer.site)
    if path == urls.METHODOLOGY:
        return methodology.PAGE_TYPE.page(read, ld)
    return guide.PAGE_TYPE.page(read, ld, path.removeprefix(urls.GUIDE_INDEX).strip("/"))
