"""Page models to HTML and to JSON-LD that can't leave its script element.

Templates only show; they compute nothing and query nothing.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from jinja2 import Template
from markupsafe import Markup

from generator import urls
from generator.model.jsonld import JsonLd
from generator.model.page import Page, Site
from generator.model.page_size import BYTES_AT_MOST, shortened
from generator.output.folder import MARK
from generator.prose import clauses, markdown
from generator.prose.characters import seen_bytes
from generator.prose.paragraphs import Html
from generator.site.assets import assets
from generator.site.environment import TEMPLATES, environment, plain_environment
from generator.site.picture import Picture, picture_of

NAVIGATION = (
    ("GPUs", urls.GPU_INDEX),
    ("Providers", urls.PROVIDER_INDEX),
    ("Compare", urls.COMPARE_INDEX),
    ("Trends", urls.PRICE_INDEX),
    ("Guides", urls.GUIDE_INDEX),
    ("Method", urls.METHODOLOGY),
)
POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "font-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
    )
)
_TEMPLATE_ID = re.compile(r'\sid="([\w-]+)"')
_ESCAPED = {char: f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


class Rendered(NamedTuple):
    """All that a build needs of a page: its HTML in UTF-8, its text by block, its JSON-LD ("" for none), picture."""

    html: bytes
    words: Mapping[str, Markup]
    structured_data: str
    picture: Picture | None = None


NOT_RENDERED = Rendered(b"", {}, "")
"""What there is of a file that is no page."""


class Renderer:
    """Renders the pages of one site, reading each template once; if `plain`, as a loop over Jinja's templates would.

    `pictures` is a folder in which the pages' pictures are kept from one build to the next.
    """

    def __init__(
        self, site: Site, folder: Path = TEMPLATES, *, plain: bool = False, pictures: Path | None = None
    ) -> None:
        self.site = site
        self._pictures = pictures
        self.base = urls.base_path(site.url)
        self._jsonld = JsonLd(site)
        self._folder = folder
        self._environment = (plain_environment if plain else environment)(self.base, folder)
        self._environment.globals |= {
            "site": site,
            "base": self.base,
            "assets": {name: self.base + asset.path for name, asset in assets().items()},
            "nav": NAVIGATION,
            "policy": POLICY,
            "mark": Markup(MARK.decode()),  # noqa: S704 (a constant)
        }
        self._templates: dict[str, Template] = {}
        self._own_anchors: dict[str, frozenset[str]] = {}

    def read_templates(self) -> None:
        """Read all templates now: before processes are forked, each of which would have to."""
        for name in self._environment.list_templates(["html"]):
            if not name.startswith("desk/"):  # those of the editors' app, which have filters of their own
                self._environment.get_template(name)

    def rendered(self, page: Page) -> Rendered:
        """The page, with fewer offers where the document would be too long.

        Raises AttributeError or jinja2's UndefinedError where the model lacks what its template shows.
        """
        rendered = self._rendered(page)
        while len(rendered.html) > BYTES_AT_MOST and (shorter := shortened(page, len(rendered.html) - BYTES_AT_MOST)):
            page, rendered = shorter, rendered._replace(html=self._html(shorter, rendered))
        return rendered

    def _rendered(self, page: Page) -> Rendered:
        """The page, however long."""
        picture = picture_of(page, self.site, self._pictures)
        beside = Rendered(b"", self.words(page), in_script(self.structured_data(page, picture)), picture)
        return beside._replace(html=self._html(page, beside))

    def _html(self, page: Page, beside: Rendered) -> bytes:
        canonical = urls.absolute(self.site.url, page.path)
        here = next((path for _, path in NAVIGATION if page.path.startswith(path)), "")
        html = self._template(page).render(
            page=page,
            title=clauses.branded(page.title, self.site.name),
            words=beside.words,
            canonical=canonical,
            jsonld=beside.structured_data,
            here=here,
            picture=beside.picture,
            picture_url=urls.absolute(self.site.url, beside.picture.address) if beside.picture else "",
        )
        return seen_bytes(html)

    def render(self, page: Page) -> bytes:
        """The whole HTML document, without invisible characters, however long."""
        return self._rendered(page).html

    def fitted(self, page: Page) -> bytes:
        """As `render`, with fewer offers where the document would be too long."""
        return self.rendered(page).html

    def words(self, page: Page) -> Mapping[str, Markup]:
        """The page's text as sanitised HTML, by block, in reading order; dead links are plain text."""
        return {block: self._words(page, block).html for block in page.words}

    def links(self, page: Page) -> set[str]:
        """The addresses that the page's text links to, as written."""
        return {href for block in page.words for href in self._words(page, block).links}

    def has_anchor(self, page: Page, href: str) -> bool:
        """Whether an address in a generated sentence leads to an id of the page's own template.

        A text that people wrote may name an id that its template shows only at times.
        """
        is_generated = "text" not in page.words
        return is_generated and href.startswith("#") and href[1:] in self._anchors(_template(page))

    def _words(self, page: Page, block: str) -> Html:
        """A block's HTML.  Only headings of the main text get ids; those of other blocks could repeat them."""
        taken = self._anchors(_template(page)) if block == "text" else None
        return markdown.render(page.words[block], self.base, page.dead_links, taken)

    def _anchors(self, template: str) -> frozenset[str]:
        """The ids that a template uses itself."""
        if template not in self._own_anchors:
            sources = [(self._folder / name).read_text("utf-8") for name in (template, "base.html")]
            self._own_anchors[template] = frozenset(_TEMPLATE_ID.findall("".join(sources)))
        return self._own_anchors[template]

    def structured_data(self, page: Page, picture: Picture | None = None) -> Mapping[str, Any]:
        """The page's JSON-LD: one graph, with the breadcrumb first where there is one; {} for an empty one."""
        trail = [self._jsonld.breadcrumb(page.crumbs, page.path)] if len(page.crumbs) > 1 else []
        nodes = [*trail, *(self._jsonld.pictured(node, picture.address) if picture else node for node in page.graph)]
        return {"@context": "https://schema.org", "@graph": nodes} if nodes else {}

    def _template(self, page: Page) -> Template:
        name = _template(page)
        if name not in self._templates:
            self._templates[name] = self._environment.get_template(name)
        return self._templates[name]


def _template(page: Page) -> str:
    """The template's file name."""
    return f"{page.page_type}.html"


def in_script(data: Mapping[str, Any]) -> Markup:
    """JSON for a script element, in which nothing can close the element or start a comment; "" for no data."""
    text = orjson.dumps(data, default=_plain).decode() if data else ""
    for char, escaped in _ESCAPED.items():
        text = text.replace(char, escaped)
    return Markup(text)  # noqa: S704


def _plain(value: object) -> str | Sequence[Any]:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Markup):
        return str(value)
    raise TypeError(f"JSON-LD: {type(value).__name__} is not a plain value")
