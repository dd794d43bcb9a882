"""Page models to HTML: the Jinja environment, its filters, and JSON-LD that can't leave its script element.

Templates only show; they compute nothing and query nothing.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import orjson
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from generator import formats, labels, urls
from generator.charts.meter import meter
from generator.model.jsonld import JsonLd
from generator.model.page import Page, Site
from generator.model.page_size import BYTES_AT_MOST, shortened
from generator.output.folder import MARK
from generator.prose import markdown
from generator.prose.characters import seen
from generator.settings import ROOT
from generator.site.assets import assets
from scrapers.addresses import host_of

TEMPLATES = ROOT / "templates"
NAVIGATION = (
    ("GPUs", urls.GPU_INDEX),
    ("Providers", urls.PROVIDER_INDEX),
    ("Compare", urls.COMPARE_INDEX),
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
_ESCAPED = str.maketrans({char: f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"})


class Renderer:
    """Renders the pages of one site, reading each template once."""

    def __init__(self, site: Site, folder: Path = TEMPLATES) -> None:
        self.site = site
        self.base = urls.base_path(site.url)
        self._jsonld = JsonLd(site)
        self._folder = folder
        self._environment = environment(self.base, folder)
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

    def render(self, page: Page) -> bytes:
        """The whole HTML document, without invisible characters.

        Raises jinja2's UndefinedError where the model lacks what its template shows.
        """
        html = self._template(page).render(
            page=page,
            words=self.words(page),
            canonical=urls.absolute(self.site.url, page.path),
            jsonld=in_script(self.structured_data(page)),
        )
        return seen(html).encode()

    def fitted(self, page: Page) -> bytes:
        """As `render`, with fewer offers where the document would be too long."""
        data = self.render(page)
        while len(data) > BYTES_AT_MOST and (shorter := shortened(page, len(data) - BYTES_AT_MOST)):
            page, data = shorter, self.render(shorter)
        return data

    def words(self, page: Page) -> Mapping[str, Markup]:
        """The page's text as sanitised HTML, by block, in reading order; dead links are plain text."""
        return {block: self._words(page, block).html for block in page.words}

    def links(self, page: Page) -> set[str]:
        """The addresses that the page's text links to, as written."""
        return {href for block in page.words for href in self._words(page, block).links}

    def _words(self, page: Page, block: str) -> markdown.Html:
        """A block's HTML.  Only headings of the main text get ids; those of other blocks could repeat them."""
        taken = self._anchors(_template(page)) if block == "text" else None
        return markdown.render(page.words[block], self.base, page.dead_links, taken)

    def _anchors(self, template: str) -> frozenset[str]:
        """The ids that a template uses itself."""
        if template not in self._own_anchors:
            sources = [(self._folder / name).read_text("utf-8") for name in (template, "base.html")]
            self._own_anchors[template] = frozenset(_TEMPLATE_ID.findall("".join(sources)))
        return self._own_anchors[template]

    def structured_data(self, page: Page) -> Mapping[str, Any]:
        """The page's JSON-LD: one graph, with the breadcrumb first where there is one; {} for an empty one."""
        trail = [self._jsonld.breadcrumb(page.crumbs, page.path)] if len(page.crumbs) > 1 else []
        nodes = [*trail, *page.graph]
        return {"@context": "https://schema.org", "@graph": nodes} if nodes else {}

    def _template(self, page: Page) -> Template:
        name = _template(page)
        if name not in self._templates:
            self._templates[name] = self._environment.get_template(name)
        return self._templates[name]


def _template(page: Page) -> str:
    """The template's file name."""
    return f"{page.page_type}.html"


def environment(base: str = "", folder: Path = TEMPLATES) -> Environment:
    """The Jinja environment: everything is escaped, and an undefined name is an error."""
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    made.filters |= {
        "money": money,
        "day": day,
        "percent": formats.percent,
        "share": formats.share,
        "share_of_time": formats.share_of_time,
        "meter": lambda share: Markup(meter(share)),  # noqa: S704 (ours, a number in it)
        "ratio": formats.ratio,
        "gap": gap,
        "hours": lambda hours: formats.rounded(hours, 0) + " h",
        "figure": figure,
        "pricing": labels.PRICING.__getitem__,
        "availability": labels.AVAILABILITY.__getitem__,
        "provider_type": labels.PROVIDER_TYPES.__getitem__,
        "segment": labels.SEGMENTS.__getitem__,
        "verdict": labels.VERDICTS.__getitem__,
        "plural": formats.plural,
        "count": _count,
        "slug": last_segment,
        "collection": formats.collection,
        "host": lambda url: host_of(url) or url,
        "markdown": pass_context(partial(_markdown, base)),
        "href": partial(_href, base),
    }
    return made


def in_script(data: Mapping[str, Any]) -> Markup:
    """JSON for a script element, in which nothing can close the element or start a comment; "" for no data."""
    return Markup(orjson.dumps(data, default=_plain).decode().translate(_ESCAPED)) if data else Markup()  # noqa: S704


@lru_cache(maxsize=65536)
def money(amount: Decimal | None, unit: str = "") -> Markup:
    """Dollars; None is shown as a dash and read aloud as "none"."""
    if amount is None:
        return Markup('<span class="none"><span aria-hidden="true">–</span><span class="vh">none</span></span>')
    return escape(formats.money(amount) + unit)


@lru_cache(maxsize=65536)
def day(moment: date | datetime | None, provider: str = "") -> Markup:
    """A time element for a day; with a provider's slug, the script can show how long ago it was."""
    if moment is None:
        return Markup('<span class="none">never</span>')
    of = Markup(' data-provider="{}"').format(provider) if provider else Markup()
    return Markup('<time datetime="{}"{}>{}</time>').format(formats.iso_day(moment), of, formats.day(moment))


def gap(position: Decimal | None) -> str:
    """A price divided by the market's as the difference from it: 0.9 is "−10%"; None is a dash."""
    return formats.NONE if position is None else formats.percent(position - 1, 0)


def figure(value: Decimal | None) -> str:
    """A figure as stated, with thousands separators; None is a dash."""
    return formats.NONE if value is None else f"{value.normalize():,f}"


def last_segment(path: str) -> str:
    """The slug in a path: "runpod" of "/provider/runpod/"."""
    return path.rstrip("/").rsplit("/", 1)[-1]


def _markdown(base: str, context: Context, text: str) -> Markup:
    """Part of the page's text, where its template shows it."""
    return markdown.render(text, base, context["page"].dead_links, None).html


def _href(base: str, path: str) -> str:
    return base + path


def _count(number: int | None) -> str:
    """A whole number with thousands separators; None is a dash."""
    return formats.NONE if number is None else f"{number:,}"


def _plain(value: object) -> str | Sequence[Any]:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Markup):
        return str(value)
    raise TypeError(f"JSON-LD: {type(value).__name__} is not a plain value")
