"""The whole site with all drafts in it, each page made when it is asked for; nothing is written anywhere."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.slices import SliceReader
from generator.desk.drafts import Draft
from generator.desk.preview import with_draft
from generator.errors import BrokenContent
from generator.model.jsonld import JsonLd
from generator.model.page import Site
from generator.pages.registry import Planned
from generator.site import links
from generator.site.assets import assets
from generator.site.host_rules import content_type
from generator.site.render import POLICY, Renderer

HOST = "127.0.0.1"
_NOTE = '<p class="note" role="status"><strong>Preview.</strong> {} Not on the site.</p>'


class Answer(NamedTuple):
    """What a browser gets: the status, the type, and the bytes."""

    status: int
    kind: str
    body: bytes


class PreviewSite:
    """The pages of today with these drafts; those that can't be shown are left as they are live, with why.

    `problems` are lines about those.
    """

    def __init__(self, catalogue: Catalogue, site: Site, drafts: Iterable[Draft], address: str) -> None:
        self._site = replace(site, url=address.rstrip("/"))
        self.problems: list[str] = []
        self._drafts: dict[str, Draft] = {}
        drafted = catalogue
        for draft in drafts:
            drafted = self._with(drafted, draft)
        self._renderer = Renderer(self._site)
        self._catalogue = links.with_anchors(drafted, self._renderer)
        self._pages: Mapping[str, Planned] = {
            kind.path(*key): (kind, key) for kind, key in links.planned(self._catalogue) if kind.has_html
        }
        self._assets = {asset.path: asset.body for asset in assets().values()}

    def _with(self, catalogue: Catalogue, draft: Draft) -> Catalogue:
        try:
            made = with_draft(catalogue, draft)
        except BrokenContent as problem:
            self.problems.append(problem.message)
            return catalogue
        self._drafts[draft.slug] = draft
        return made

    def answer(self, path: str) -> Answer:
        """The page or asset at a path."""
        if path in self._assets:
            return Answer(200, content_type(path), self._assets[path])
        if path not in self._pages:
            return Answer(404, "text/plain; charset=utf-8", b"There is no such page.\n")
        kind, key = self._pages[path]
        page = kind.page(SliceReader(self._catalogue), JsonLd(self._site), *key)
        return Answer(200, "text/html; charset=utf-8", self._noted(path, self._renderer.rendered(page).html))

    def _noted(self, path: str, html: bytes) -> bytes:
        """The page with a line that it is a preview; no search engine lists it."""
        is_draft = urls.page_slug(path) in self._drafts
        note = _NOTE.format("This page has a draft." if is_draft else "This page has no draft.").encode()
        unlisted = html.replace(b"<head>", b'<head><meta name="robots" content="noindex">', 1)
        return unlisted.replace(b"<h1", note + b"<h1", 1)

    def path_of(self, slug: str) -> str:
        """The path of a page.  Raises BrokenContent where there is none."""
        path = urls.HOME if slug in {"", "home"} else f"/{slug.strip('/')}/"
        if path not in self._pages:
            raise BrokenContent(f"{slug}: no such page is built today; expected a slug such as gpu/h100-sxm")
        return path


def server(port: int) -> HTTPServer:
    """A server on this machine alone, that answers once it has a site (`shows`).  Raises OSError for a taken port."""
    return HTTPServer((HOST, port), _Handler)


def shows(listening: HTTPServer, site: PreviewSite) -> None:
    """Have a server answer from a site."""
    listening.site = site  # type: ignore[attr-defined]


class _Handler(BaseHTTPRequestHandler):
    server: HTTPServer

    def do_GET(self) -> None:  # the name that http.server asks for
        """Answer one request, of this host alone."""
        if self.headers.get("Host") not in {f"{name}:{self.server.server_address[1]}" for name in (HOST, "localhost")}:
            self._send(Answer(421, "text/plain; charset=utf-8", b"This preview has another address.\n"))
            return
        self._send(self.server.site.answer(unquote(urlsplit(self.path).path)))  # type: ignore[attr-defined]

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Robots-Tag", "noindex")
        self.send_header("Content-Security-Policy", f"{POLICY}; frame-ancestors 'none'")
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *_: Any) -> None:
        """Say nothing of requests."""
