"""Page models to HTML: the Jinja environment, its filters, and JSON-LD that can't leave its script element.

Templates join and show; they compute nothing and ask nothing.
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
from generator.model.fitting import BYTES_AT_MOST, shortened
from generator.model.jsonld import JsonLd
from generator.model.page import Page, Site
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
_PLACE = re.compile(r'\sid="([\w-]+)"')
_ESCAPED = str.maketrans({char: f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"})


class Renderer:
    """Renders the pages of one site; templates are read once."""

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
        self._own_places: dict[str, frozenset[str]] = {}

    def render(self, page: Page) -> bytes:
        """The whole HTML document, without characters that nobody sees, whoever wrote them.

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
        """As `render`, with fewer offers where the document would be longer than a page may be."""
        data = self.render(page)
        while len(data) > BYTES_AT_MOST and (shorter := shortened(page, len(data) - BYTES_AT_MOST)):
            page, data = shorter, self.render(shorter)
        return data

    def words(self, page: Page) -> Mapping[str, Markup]:
        """The page's sentences as sanitised HTML, by block, in reading order; dead links are text."""
        return {block: self._words(page, block).html for block in page.words}

    def links(self, page: Page) -> set[str]:
        """The addresses that the page's sentences link to, as they state them."""
        return {href for block in page.words for href in self._words(page, block).links}

    def _words(self, page: Page, block: str) -> markdown.Html:
        """Only in the text can headings be linked to: elsewhere they would meet others of the same name."""
        taken = self._places(_template(page)) if block == "text" else None
        return markdown.render(page.words[block], self.base, page.dead_links, taken)

    def _places(self, template: str) -> frozenset[str]:
        """The places that a template names itself."""
        if template not in self._own_places:
            sources = [(self._folder / name).read_text("utf-8") for name in (template, "base.html")]
            self._own_places[template] = frozenset(_PLACE.findall("".join(sources)))
        return self._own_places[template]

    def structured_data(self, page: Page) -> Mapping[str, Any]:
        """The page's JSON-LD: one graph, the breadcrumb first where there is one; empty where there is nothing."""
        trail = [self._jsonld.breadcrumb(page.crumbs, page.path)] if len(page.crumbs) > 1 else []
        nodes = [*trail, *page.graph]
        return {"@context": "https://schema.org", "@graph": nodes} if nodes else {}

    def _template(self, page: Page) -> Template:
        name = _template(page)
        if name not in self._templates:
            self._templates[name] = self._environment.get_template(name)
        return self._templates[name]


def _template(page: Page) -> str:
    """The file that shows pages of this type."""
    return f"{page.page_type}.html"


def environment(base: str = "", folder: Path = TEMPLATES) -> Environment:
    """The Jinja environment: everything is escaped, what is missing is an error."""
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
    """JSON for a script element: no character of it can close the element or start a comment; "" for nothing."""
    return Markup(orjson.dumps(data, default=_plain).decode().translate(_ESCAPED)) if data else Markup()  # noqa: S704


@lru_cache(maxsize=65536)
def money(amount: Decimal | None, unit: str = "") -> Markup:
    """Dollars; a price that doesn't exist is a dash to the eye and "none" to the ear."""
    if amount is None:
        return Markup('<span class="none"><span aria-hidden="true">–</span><span class="vh">none</span></span>')
    return escape(formats.money(amount) + unit)


@lru_cache(maxsize=65536)
def day(moment: date | datetime | None, provider: str = "") -> Markup:
    """A time element of a day's grain; with a provider's slug the script may say how long ago that was."""
    if moment is None:
        return Markup('<span class="none">never</span>')
    of = Markup(' data-provider="{}"').format(provider) if provider else Markup()
    return Markup('<time datetime="{}"{}>{}</time>').format(formats.iso_day(moment), of, formats.day(moment))


def gap(position: Decimal | None) -> str:
    """A price over the market's as a distance from it: 0.9 is "−10%"; None is a dash."""
    return formats.NONE if position is None else formats.percent(position - 1, 0)


def figure(value: Decimal | None) -> str:
    """A measured figure as it was stated, thousands apart; None is a dash."""
    return formats.NONE if value is None else f"{value.normalize():,f}"


def last_segment(path: str) -> str:
    """The slug in a path: "runpod" of "/provider/runpod/"."""
    return path.rstrip("/").rsplit("/", 1)[-1]


def _markdown(base: str, context: Context, text: str) -> Markup:
    """Some of the page's words in their place on it."""
    return markdown.render(text, base, context["page"].dead_links, None).html


def _href(base: str, path: str) -> str:
    return base + path


def _count(number: int | None) -> str:
    """A whole number with its thousands apart; None is a dash."""
    return formats.NONE if number is None else f"{number:,}"


def _plain(value: object) -> str | Sequence[Any]:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Markup):
        return str(value)
    raise TypeError(f"JSON-LD: {type(value).__name__} is not a plain value")
