"""Checks the links in reviewed texts and methodology as their files are now, without a build."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from generator import urls
from generator.catalogue.addresses import Addresses
from generator.catalogue.catalogue import Catalogue, texts_of
from generator.catalogue.gather import Snapshot
from generator.catalogue.slices import SliceReader
from generator.catalogue.tables import Trace
from generator.catalogue.views.link_targets import path_and_anchor
from generator.database import db, runs
from generator.errors import BrokenContent
from generator.model.jsonld import JsonLd
from generator.pages import methodology, registry
from generator.pages.registry import Planned
from generator.prose.texts import ReviewedText
from generator.settings import Settings
from generator.site import links, site_catalogue
from generator.site.render import Renderer
from generator.site.store import Settled


def dead_links(connection: db.Connection, settings: Settings, files: Sequence[ReviewedText]) -> dict[str, list[str]]:
    """By the path of a page, a line for each link in these texts and the methodology that leads nowhere today.

    A link to a text that is not live is dead; a text whose bindings name an unknown slug has a line for that.
    Before the first refresh it is not known which pages there are: {}.
    """
    as_of = runs.last_as_of(connection)
    if as_of is None:
        return {}
    db.rows(connection, "settle_slices", Settled, as_of=as_of)
    connection.commit()
    today, _ = site_catalogue.gathered(Snapshot(connection), as_of, files)
    drafts = {one.path: one for one in files}
    every = {**{one.path: one for one in today.texts}, **drafts}
    drafted = replace(today, memo={}, aggregates={}, trace=Trace(), **texts_of(every.values()))
    renderer = Renderer(site_catalogue.site_of(settings, today))
    everything, now = links.Anchors(drafted, renderer), links.Anchors(today, renderer)
    off = {path: one.slug for path, one in drafts.items() if path not in {text.path for text in today.texts}}
    pages: dict[str, Planned] = {urls.METHODOLOGY: (methodology.PAGE_TYPE, ())}
    pages |= {path: (registry.page_type(one.page_type), (one.slug,)) for path, one in drafts.items()}
    return {
        path: list(_lines(planned, drafted, renderer, _Both(path, now, everything), off))
        for path, planned in pages.items()
    }


@dataclass(frozen=True, slots=True)
class _Both:
    """The pages there are now, with their anchors as drafted; and the draft's own."""

    own: str
    now: Addresses
    drafted: Addresses

    def has(self, path: str, anchor: str = "") -> bool:
        return (path == self.own or self.now.has(path)) and self.drafted.has(path, anchor)


def _lines(
    planned: Planned, drafted: Catalogue, renderer: Renderer, addresses: "_Both", off: Mapping[str, str]
) -> Iterator[str]:
    kind, key = planned
    try:
        page = kind.page(SliceReader(drafted), JsonLd(renderer.site), *key)
    except BrokenContent as problem:
        yield problem.message
        return
    for to in links.targets(page, renderer).values():
        if not addresses.has(*path_and_anchor(to)):
            yield from links.dead_link_lines(to, [addresses.own], off)
