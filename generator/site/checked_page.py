"""A finished page, read once: its texts for search engines, its links, and what is wrong with it by itself."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, Literal

from lxml import etree, html

from generator import urls
from generator.model.page_size import BYTES_AT_MOST
from generator.site import checked_jsonld
from generator.site.similarity import Texts, texts_of

TITLE_AT_MOST = 60
DESCRIPTION_AT_MOST = 155
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_DATA_SCRIPTS = {"application/ld+json", "application/json"}
_LOADED = {"stylesheet", "icon", "apple-touch-icon", "manifest", "preload", "modulepreload", "mask-icon", "prefetch"}


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something wrong with a finished site: an error where it is broken, a warning where a rule of ours is not kept."""

    path: str
    rule: str
    message: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        return f"{self.severity}: {self.path}: {self.message} [{self.rule}]"


@dataclass(frozen=True, slots=True)
class CheckedPage:
    """What the checks of the whole site need of a page: its texts for search engines, its anchors, its links.

    `links` are followed by people, `resources` loaded by browsers, `named` addresses of this site in JSON-LD;
    all as written.  `defined` and `referred` are @ids of JSON-LD nodes, `texts` what its main part says.
    """

    path: str
    title: str
    description: str
    canonical: str
    is_indexable: bool
    anchors: frozenset[str]
    links: frozenset[str]
    resources: frozenset[str]
    named: frozenset[str]
    defined: frozenset[str]
    referred: frozenset[str]
    size: int
    texts: Texts
    findings: tuple[Finding, ...]


def read(path: str, data: bytes, site_url: str, *, with_texts: bool = True) -> CheckedPage:
    """Read a page of the site that lives at `site_url`; without its texts where nothing is compared with them."""
    root = html.document_fromstring(data or b"<html></html>", parser=html.HTMLParser(encoding="utf-8"))
    scripts = [script.text_content() for script in _xpath("//script[@type='application/ld+json']")(root)]
    nodes = list(checked_jsonld.nodes(scripts))
    return CheckedPage(
        path=path,
        title=_text(root, "//head/title"),
        description=_attribute(root, "//head/meta[@name='description']/@content"),
        canonical=_attribute(root, "//head/link[@rel='canonical']/@href"),
        is_indexable="noindex" not in _attribute(root, "//head/meta[@name='robots']/@content"),
        anchors=frozenset(map(str, _xpath("//@id | //a/@name")(root))),
        links=frozenset(map(str, _xpath("//a/@href | //area/@href | //form/@action")(root))),
        resources=frozenset(_resources(root)),
        named=frozenset(checked_jsonld.addresses(scripts, site_url)),
        defined=frozenset(str(node["@id"]) for node in nodes if "@id" in node and len(node) > 1),
        referred=frozenset(str(node["@id"]) for node in nodes if node.keys() == {"@id"}),
        size=len(data),
        texts=next(map(texts_of, root.iter("main") if with_texts else ()), Texts((), frozenset())),
        findings=tuple(_findings(path, root, data, scripts, site_url)),
    )


@cache
def _xpath(expression: str) -> Any:
    return etree.XPath(expression, smart_strings=False)


def _text(root: Any, expression: str) -> str:
    return " ".join("".join(element.itertext()) for element in _xpath(expression)(root)[:1]).strip()


def _attribute(root: Any, expression: str) -> str:
    return str(next(iter(_xpath(expression)(root)), "")).strip()


def _resources(root: Any) -> Iterator[str]:
    yield from _xpath("//@src | //@poster | //object/@data | //use/@href | //image/@href")(root)
    for srcset in _xpath("//@srcset")(root):
        yield from (candidate.split()[0] for candidate in srcset.split(",") if candidate.strip())
    for link in _xpath("//link[@href]")(root):
        if _LOADED & set(link.get("rel", "").lower().split()):
            yield link.get("href")


def _findings(path: str, root: Any, data: bytes, scripts: list[str], site_url: str) -> Iterator[Finding]:
    yield from (Finding(path, *problem) for problem in _head_problems(path, root, site_url))
    yield from (Finding(path, "content-security", problem) for problem in _inline_problems(root))
    yield from (Finding(path, "html", problem) for problem in _body_problems(root))
    if len(data) > BYTES_AT_MOST:
        yield Finding(path, "page-size", f"{len(data):,} bytes; expected at most {BYTES_AT_MOST:,}", "warning")
    subject = checked_jsonld.Subject(path, site_url, cache(lambda: visible_numbers(root)))
    if not scripts and path not in {urls.HOME, urls.NOT_FOUND}:
        yield Finding(path, "json-ld", "no JSON-LD; expected a breadcrumb at least")
    yield from (Finding(path, "json-ld", problem) for problem in checked_jsonld.problems(scripts, subject))
    yield from (Finding(path, "json-ld", lack, "warning") for lack in checked_jsonld.lacks(scripts))


def _head_problems(path: str, root: Any, site_url: str) -> Iterator[tuple[Any, ...]]:
    title, description = _text(root, "//head/title"), _attribute(root, "//head/meta[@name='description']/@content")
    if not title:
        yield "title", "no title"
    if len(title) > TITLE_AT_MOST:
        yield "title", f"title of {len(title)} characters; expected at most {TITLE_AT_MOST}: {title!r}", "warning"
    if not description:
        yield "description", "no description"
    if len(description) > DESCRIPTION_AT_MOST:
        said = f"description of {len(description)} characters; expected at most {DESCRIPTION_AT_MOST}"
        yield "description", said, "warning"
    canonicals = [str(href) for href in _xpath("//link[@rel='canonical']/@href")(root)]
    if path != urls.NOT_FOUND and canonicals != [urls.absolute(site_url, path)]:
        yield "canonical", f"canonical is {', '.join(canonicals) or 'missing'}; expected the page's own address"
    if path == urls.NOT_FOUND and "noindex" not in _attribute(root, "//head/meta[@name='robots']/@content"):
        yield "robots", "expected noindex"
    if _xpath("//link[@hreflang]")(root):
        yield "hreflang", "hreflang on a site in one language"


def _body_problems(root: Any) -> Iterator[str]:
    headings = len(_xpath("//h1")(root))
    if headings != 1:
        yield f"{headings} h1 headings; expected one"
    repeated = [name for name, count in Counter(_xpath("//@id")(root)).items() if count > 1]
    yield from (f"id {name!r} is used by several elements" for name in repeated)
    yield from (f"image {image.get('src')!r} without alt" for image in _xpath("//img[not(@alt)]")(root))
    if not _xpath("/html/@lang")(root):
        yield "no language on the html element"
    if not _xpath("//head/meta[@name='viewport']")(root):
        yield "no viewport for small screens"


def _inline_problems(root: Any) -> Iterator[str]:
    for element in _xpath("//*[@style]")(root):
        yield f"inline style on {element.tag}: {element.get('style')!r}"
    for element in _xpath("//*[@*[starts-with(local-name(), 'on')]]")(root):
        yield f"inline handler on {element.tag}: {', '.join(name for name in element.attrib if name.startswith('on'))}"
    for element in _xpath("//style")(root):
        yield f"inline style sheet of {len(element.text_content())} characters"
    for script in _xpath("//script[not(@src)]")(root):
        if script.get("type", "") not in _DATA_SCRIPTS:
            yield f"inline script: {script.text_content()[:60]!r}"
    if _xpath("//base")(root):
        yield "a base element moves every link"


def visible_numbers(root: Any) -> frozenset[Decimal]:
    """The numbers that a visitor can read: "$1,204.50" is 1204.5."""
    texts = _xpath("//body//*[not(self::script or self::style)]/text()")(root)
    return frozenset(Decimal(number.replace(",", "")) for number in _NUMBER.findall(" ".join(texts)))
