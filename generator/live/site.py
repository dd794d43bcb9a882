"""A site that is made page by page, when somebody asks for one: nothing is written anywhere."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.gather import Snapshot, confirmations
from generator.catalogue.slices import SliceReader
from generator.catalogue.views.link_targets import leads_to
from generator.database import db, runs
from generator.errors import BrokenContent, BuildError, DatabaseUnreachable
from generator.live import problems
from generator.live.answer import Answer
from generator.live.newest import Asking
from generator.model.jsonld import JsonLd
from generator.model.page import Page
from generator.output import disk
from generator.pages.registry import Key, PageType
from generator.prose import reviewed
from generator.prose.texts import KINDS, ReviewedText
from generator.settings import Settings
from generator.site import host_rules, links, other_files, site_catalogue, sitemaps
from generator.site.assets import assets
from generator.site.page_formats import FORMATS, documents
from generator.site.render import NOT_RENDERED, Renderer

_CONTENT_FILE = re.compile(r"^\S*\bcontent/([\w-]+/[\w-]+|methodology)\.md:")
_UNREVIEWED = "nobody yet (a draft)"


class LiveSite:
    """The site of a database, with today's templates and texts; `out` is where its sitemaps were built."""

    _catalogue: Catalogue

    def __init__(self, settings: Settings, out: Path) -> None:
        self._settings, self._out = settings, out
        self._base = urls.base_path(settings.site_url)
        self._asking = Asking(db.url(settings))

    def has_moved(self) -> bool:
        """Whether the database holds something newer than what was gathered."""
        newest = self._asking.newest()
        return newest is not None and newest != self._newest

    def gather(self) -> None:
        """Read the database and the texts anew.

        Raises BuildError where there are no prices yet, and DatabaseUnreachable.
        """
        files = reviewed.read_all(site_catalogue.CONTENT)
        try:
            with db.connect(db.url(self._settings)) as connection:
                as_of = _settled(connection)
                self._newest = self._asking.newest()  # before: what is stored meanwhile is gathered next time
                catalogue, unusable = _gathered(connection, as_of, files.texts)
                self._confirmed = confirmations(connection, as_of)
        except DatabaseUnreachable:
            self._newest = None  # so that it is tried again
            raise
        self._broken = _by_page((*files.problems, *unusable))
        self._plan(catalogue)
        self.render_anew()

    def render_anew(self) -> None:
        """Read templates and assets anew."""
        assets.cache_clear()
        self._renderer = Renderer(self._site)
        self._files = {**self._of_catalogue, **other_files.of_templates(self._site)}
        for key in [key for key in self._catalogue.aggregates if key[0] == leads_to.name]:
            del self._catalogue.aggregates[key]  # anchors are in templates too
        self._catalogue = links.with_anchors(self._catalogue, self._renderer)

    def answer(self, path: str) -> Answer:
        """What a static host would answer after a build.  Raises whatever a template or a page module does."""
        if not path.startswith(self._base + "/"):
            return _moved(self._base + "/") if path in {"/", self._base} else self._not_found()
        inside = path.removeprefix(self._base)
        if problem := self._broken.get(inside):
            return problems.told(*problem)
        if (body := self._file(urls.output_file(inside))) is not None:
            return self._found(200, path, body)
        target = host_rules.redirects(self._files["_redirects"]).get(path)
        if target is None and urls.output_file(inside + "/") in self._planned:
            target = path + "/"
        return _moved(target) if target else self._not_found()

    def _plan(self, catalogue: Catalogue) -> None:
        self._site = site_catalogue.site_of(self._settings, catalogue)
        self._catalogue = catalogue = site_catalogue.stating(catalogue, self._site)
        self._planned: Mapping[str, tuple[PageType, Key, str]] = {
            FORMATS[name].file(kind.path(*key)): (kind, key, name)
            for kind, key in links.planned(catalogue)
            for name in kind.formats
        }
        self._of_catalogue: Mapping[str, bytes] = {
            **other_files.redirects(self._site, catalogue, ()),
            **sitemaps.freshness(self._confirmed, self._site.as_of),
        }

    def _page(self, kind: PageType, key: Key, read: SliceReader) -> Page:
        return kind.page(read, JsonLd(self._site), *key)

    def _file(self, name: str) -> bytes | None:
        """A page, a file beside the pages, or a sitemap of the last build; None for what is none of these."""
        if name in self._planned:
            kind, key, wanted = self._planned[name]
            read = SliceReader(self._catalogue)
            page = links.without_dead_links(self._page(kind, key, read), read, self._renderer)
            rendered = self._renderer.rendered(page) if kind.has_html else NOT_RENDERED
            return documents(page, rendered, (wanted,)).get(name)
        if name in self._files and not name.startswith("_"):
            return self._files[name]
        return self._sitemap(name)

    def _sitemap(self, name: str) -> bytes | None:
        built = (self._out / urls.output_file(urls.SITEMAP_INDEX), *self._out.glob("sitemaps/*.xml"))
        found = next((file for file in built if name == str(file.relative_to(self._out))), None)
        return disk.read(found) if found else None

    def _not_found(self) -> Answer:
        return self._found(404, self._base + urls.NOT_FOUND, self._file(urls.output_file(urls.NOT_FOUND)) or b"")

    def _found(self, status: int, path: str, body: bytes) -> Answer:
        file = urls.output_file(path)
        sent = host_rules.headers(self._files["_headers"], path)
        return Answer(status, body, {"Content-Type": host_rules.content_type(file), **sent})


def _settled(connection: db.Connection) -> datetime:
    """The instant of the last refresh, up to which all figures are settled now."""
    as_of = runs.last_as_of(connection)
    if as_of is None:
        raise BuildError("nothing to show: no prices were ever stored; run build.py refresh")
    db.execute(connection, "settle_slices", as_of=as_of)
    connection.commit()
    return as_of


def _gathered(
    connection: db.Connection, as_of: datetime, files: Iterable[ReviewedText]
) -> tuple[Catalogue, list[BrokenContent]]:
    found, unusable = site_catalogue.gathered(Snapshot(connection), as_of, [_approved(text, as_of) for text in files])
    found.read_everything()
    return found, unusable


def _moved(target: str) -> Answer:
    return Answer(301, headers={"Location": quote(target, safe="/%")})


def _approved(text: ReviewedText, as_of: datetime) -> ReviewedText:
    """The text as if somebody had reviewed it as it is and its day had come."""
    if text.is_approved and text.is_out(as_of.date()):
        return text
    on = max(as_of.date(), text.published_on)
    return replace(text, reviewed_by=_UNREVIEWED, reviewed_on=on, reviewed_hash=text.hash)


def _path_of(file: str) -> str:
    """The path of the page of a content file, such as "guides/spot"."""
    folder, _, slug = file.rpartition("/")
    kind = next((kind for kind in KINDS.values() if kind.folder == folder), None)
    return urls.page(kind.address, slug) if kind else urls.METHODOLOGY


def _by_page(found: Iterable[BrokenContent]) -> Mapping[str, list[str]]:
    """The problems of texts by the paths of their pages."""
    by_page: dict[str, list[str]] = {}
    for problem in found:
        if file := _CONTENT_FILE.match(problem.message):
            by_page.setdefault(_path_of(file[1]), []).append(problem.message)
    return by_page
