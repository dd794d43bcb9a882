"""Markdown to HTML that can do no harm: CommonMark with tables, no HTML of its own, sanitised.

Links go to https, http or a place on this site; those that leave it say so to search engines.
"""

import re
from collections.abc import MutableMapping, Sequence
from functools import lru_cache
from itertools import count
from typing import Any
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup
from mdit_py_plugins.anchors import anchors_plugin
from slugify import slugify

_TAGS = {
    *("p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "pre", "code", "em", "strong", "br", "hr", "a"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {
    "a": {"href", "rel"},
    "h2": {"id"},
    "h3": {"id"},
    "ol": {"start"},
    "th": {"class", "scope"},
    "td": {"class"},
}
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_EMPTY_HEADING = re.compile("<th[^>]*></th>")  # a heading that says nothing confuses screen readers
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")


def literal(text: str) -> str:
    """Text from outside as Markdown that shows it as itself, on one line, whatever it holds.

    Controls, and marks that turn the direction of writing, become a space.
    """
    return _PUNCTUATION.sub(r"\\\1", " ".join(_UNSEEN.sub(" ", text).split()))


@lru_cache(maxsize=4096)
def to_html(text: str, base: str = "") -> Markup:
    """Sanitised HTML; `base` is put before links of the form `/gpu/`, for a site under a subpath."""
    dirty = _parser().render(text, {"base": base})
    safe = nh3.clean(
        dirty,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes={},
        url_schemes={"https", "http"},
        link_rel=None,
        strip_comments=True,
    )
    return Markup(_in_boxes(safe))  # noqa: S704


def _in_boxes(html: str) -> str:
    """Tables in boxes of their own, which scroll by keyboard too, so that no table moves the page sideways."""
    numbers = count(1)
    named = _EMPTY_HEADING.sub("<td></td>", html)
    opened = re.sub("<table>", lambda _: _box(next(numbers)), named)
    return opened.replace("</table>", "</table></div>")


def _box(number: int) -> str:
    return f'<div class="scroll" role="region" tabindex="0" aria-label="Table {number} of the text"><table>'


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.use(anchors_plugin, min_level=2, max_level=3, slug_func=slugify)
    parser.validateLink = _is_allowed  # type: ignore[method-assign]
    parser.add_render_rule("link_open", _link_open)
    parser.add_render_rule("th_open", _cell_open)
    parser.add_render_rule("td_open", _cell_open)
    parser.disable("image")
    return parser


def _is_allowed(url: str) -> bool:
    try:
        return urlsplit(url).scheme.lower() in {"", "http", "https"}
    except ValueError:
        return False


def _link_open(self: RendererHTML, tokens: Sequence[Token], n: int, options: Any, env: MutableMapping[str, Any]) -> str:
    href = str(tokens[n].attrGet("href") or "")
    if urlsplit(href).netloc:
        tokens[n].attrSet("rel", "nofollow noopener")
    elif href.startswith("/"):
        tokens[n].attrSet("href", env["base"] + href)
    return self.renderToken(tokens, n, options, env)


def _cell_open(self: RendererHTML, tokens: Sequence[Token], n: int, options: Any, env: MutableMapping[str, Any]) -> str:
    """A cell whose column is set to the right holds numbers; a style of its own is against the site's policy."""
    style = str(tokens[n].attrs.pop("style", ""))
    if tokens[n].tag == "th":
        tokens[n].attrSet("scope", "col")
    if "right" in style:
        tokens[n].attrSet("class", "num")
    return self.renderToken(tokens, n, options, env)
