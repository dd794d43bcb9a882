"""Markdown as people write it, by a parser and a sanitiser."""

import re
from collections.abc import MutableMapping, Sequence
from functools import lru_cache
from itertools import count, pairwise
from typing import Any
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markupsafe import Markup
from slugify import slugify

from generator.prose.paragraphs import Html

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
_EMPTY_HEADING = re.compile("<th[^>]*></th>")  # an empty heading confuses screen readers


def parsed(text: str, base: str, dead: frozenset[str], taken: frozenset[str] | None) -> Html:
    """Sanitised HTML; what `dead` and `taken` are, see `markdown.render`."""
    env: dict[str, Any] = {"base": base, "dead": dead, "taken": taken, "links": []}
    dirty = _parser().render(text, env)
    safe = nh3.clean(
        dirty,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes={},
        url_schemes={"https", "http"},
        link_rel=None,
        strip_comments=True,
    )
    return Html(Markup(_in_boxes(safe)), tuple(env["links"]))  # noqa: S704


def _in_boxes(html: str) -> str:
    """The HTML with each table in a box that scrolls, by keyboard too, so that the page never scrolls sideways."""
    numbers = count(1)
    named = _EMPTY_HEADING.sub("<td></td>", html)
    opened = re.sub("<table>", lambda _: _box(next(numbers)), named)
    return opened.replace("</table>", "</table></div>")


def _box(number: int) -> str:
    return f'<div class="scroll" role="region" tabindex="0" aria-label="Table {number} of the text"><table>'


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.core.ruler.push("ids", _give_ids)
    parser.validateLink = _is_allowed  # type: ignore[method-assign]
    parser.add_render_rule("link_open", _link_open)
    parser.add_render_rule("link_close", _link_close)
    parser.add_render_rule("th_open", _cell_open)
    parser.add_render_rule("td_open", _cell_open)
    parser.disable("image")
    return parser


def _give_ids(state: StateCore) -> None:
    """Give each h2 and h3 heading an id made of its words, in one pass however many are the same."""
    if state.env["taken"] is None:
        return
    numbers = dict.fromkeys(state.env["taken"], 0)
    for heading, words in pairwise(state.tokens):
        if heading.type == "heading_open" and heading.tag in {"h2", "h3"}:
            heading.attrSet("id", _own(_slug(words), numbers))


def _slug(heading: Token) -> str:
    said = (part.content for part in heading.children or () if part.type in {"text", "code_inline"})
    return str(slugify("".join(said))) or "section"


def _own(slug: str, numbers: dict[str, int]) -> str:
    """The slug, with the next number that makes it unique; `numbers` are the last ones given."""
    own = slug
    while own in numbers:
        numbers[slug] += 1
        own = f"{slug}-{numbers[slug]}"
    numbers[own] = 0
    return own


def _is_allowed(url: str) -> bool:
    try:
        return urlsplit(url).scheme.lower() in {"", "http", "https"}
    except ValueError:
        return False


def _link_open(self: RendererHTML, tokens: Sequence[Token], n: int, options: Any, env: MutableMapping[str, Any]) -> str:
    href = str(tokens[n].attrGet("href") or "")
    env["links"].append(href)
    env["is_dead"] = href in env["dead"]
    if env["is_dead"]:
        return ""
    if urlsplit(href).netloc:
        tokens[n].attrSet("rel", "nofollow noopener")
    elif href.startswith("/"):
        tokens[n].attrSet("href", env["base"] + href)
    return self.renderToken(tokens, n, options, env)


def _link_close(
    self: RendererHTML, tokens: Sequence[Token], n: int, options: Any, env: MutableMapping[str, Any]
) -> str:
    return "" if env["is_dead"] else self.renderToken(tokens, n, options, env)


def _cell_open(self: RendererHTML, tokens: Sequence[Token], n: int, options: Any, env: MutableMapping[str, Any]) -> str:
    """A table cell, marked as a number where its column is right-aligned; the site's policy forbids inline styles."""
    style = str(tokens[n].attrs.pop("style", ""))
    if tokens[n].tag == "th":
        tokens[n].attrSet("scope", "col")
    if "right" in style:
        tokens[n].attrSet("class", "num")
    return self.renderToken(tokens, n, options, env)
