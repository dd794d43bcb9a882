"""Checks the links in guides and methodology as their files are now, without a build."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from generator import urls
from generator.catalogue.addresses import Addresses
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.slices import SliceReader
from generator.catalogue.views.link_targets import path_and_anchor
from generator.database import db, runs
from generator.errors import BrokenContent
from generator.model.jsonld import JsonLd
from generator.model.page import Page
from generator.pages import guide, methodology
from generator.prose.guides import Guide
from generator.settings import Settings
from generator.site import build as building
from generator.site import links
from generator.site.render import Renderer


def dead_links(connection: db.Connection, settings: Settings, files: Sequence[Guide]) -> dict[str, list[str]]:
    """By the path of a page, a line for each link in these guides and the methodology that leads nowhere today.

    A link to a guide that is not live is dead; a guide whose bindings name an unknown slug has a line for that.
    Before the first refresh it is not known which pages there are: {}.
    """
    as_of = runs.last_as_of(connection)
    connection.commit()
    if as_of is None:
        return {}
    today, _ = building.gathered(connection, as_of, files)
    drafted = replace(today, guides={**today.guides, **{one.slug: one for one in files}}, memo={}, versions={})
    renderer = Renderer(building.site_of(settings, today))
    everything = links.addresses(building.planned(drafted), drafted, renderer, lambda _: None)
    is_there = links.addresses(building.planned(today), today, renderer, lambda _: None).files
    off = {one.slug for one in files} - today.guides.keys()
    paths = [urls.METHODOLOGY, *(urls.guide(one.slug) for one in files)]
    return {path: list(_lines(path, drafted, renderer, replace(everything, files=is_there), off)) for path in paths}


def _lines(
    path: str, drafted: Catalogue, renderer: Renderer, addresses: Addresses, off: Collection[str]
) -> Iterator[str]:
    try:
        page = _page(path, drafted, renderer)
    except BrokenContent as problem:
        yield problem.message
        return
    own = replace(addresses, files={*addresses.files, urls.output_file(path)})
    for to in links.targets(page, renderer).values():
        if not own.has(*path_and_anchor(to)):
            yield from links.dead_link_lines(to, [path], off)


def _page(path: str, drafted: Catalogue, renderer: Renderer) -> Page:
    read, ld = SliceReader(drafted), JsonLd(renderer.site)
    if path == urls.METHODOLOGY:
        return methodology.PAGE_TYPE.page(read, ld)
    return guide.PAGE_TYPE.page(read, ld, path.removeprefix(urls.GUIDE_INDEX).strip("/"))
