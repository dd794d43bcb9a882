"""What must be true of a page's JSON-LD, by the rules that search engines document."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import orjson

from generator import urls

Node = dict[str, Any]
NEVER = {
    "FAQPage": "search engines retired it",
    "QAPage": "nobody asks or answers here",
    "Review": "nobody wrote one",
    "AggregateRating": "nobody rated",
}
VOCABULARY = Path(__file__).with_name("schema_org.json")
"""The types of schema.org that pages use, with their properties and the types that they are kinds of."""
RECOMMENDED = {
    "Product": ("description", "image", "brand"),
    "Dataset": ("license", "creator", "temporalCoverage", "variableMeasured", "keywords", "isAccessibleForFree"),
    "Article": ("datePublished", "dateModified"),
    "WebSite": ("url", "publisher"),
    "Organization": ("name", "url"),
    "DataDownload": ("contentUrl", "encodingFormat"),
}
"""What search engines recommend, or require, beside what the rules below look at."""
NEVER_PROPERTIES = {"review", "reviews", "aggregateRating"}
_AMOUNT = re.compile(r"\d+(\.\d+)?")
_ONE_GPU = re.compile(r"/gpu/[^/]+/|/provider/[^/]+/[^/]+/")  # a variant, or one at a provider


@dataclass(frozen=True, slots=True)
class Subject:
    """The page that has the JSON-LD; `numbers` are those that a visitor can read on it."""

    path: str
    site_url: str
    numbers: Callable[[], frozenset[Decimal]]

    @property
    def address(self) -> str:
        """The page's absolute address."""
        return urls.absolute(self.site_url, self.path)


def problems(scripts: list[str], subject: Subject) -> Iterator[str]:
    """What is wrong with the contents of a page's JSON-LD scripts."""
    if len(scripts) > 1:
        yield f"{len(scripts)} JSON-LD scripts; expected one with one @graph"
    for script in scripts:
        try:
            document = orjson.loads(script)
        except orjson.JSONDecodeError as error:
            yield f"not JSON: {error}"
            continue
        if not isinstance(document, dict) or not isinstance(document.get("@graph"), list):
            yield "no @graph"
            continue
        if document.get("@context") != "https://schema.org":
            yield f'@context is {document.get("@context")!r}; expected "https://schema.org"'
        yield from _graph_problems(document["@graph"], subject)


def lacks(scripts: list[str]) -> Iterator[str]:
    """What schema.org does not know, and what search engines recommend that is not there."""
    for node in nodes(scripts):
        kind = node.get("@type")
        if isinstance(kind, str) and node.keys() - {"@type", "@id"}:
            yield from (f"{kind}: {problem}" for problem in _vocabulary(kind, node))
            yield from (f"{kind}: no {name}" for name in RECOMMENDED.get(kind, ()) if name not in node)
            if kind == "Organization" and str(node.get("@id")).endswith("/#organization") and "logo" not in node:
                yield "Organization: no logo"


def nodes(scripts: list[str]) -> Iterator[Node]:
    """Every node of the scripts that can be parsed, nested ones too."""
    for script in scripts:
        try:
            yield from _walk(orjson.loads(script))
        except orjson.JSONDecodeError:
            continue


def addresses(scripts: list[str], site_url: str) -> Iterator[str]:
    """Every address of this site that the JSON-LD names."""
    for node in nodes(scripts):
        for value in node.values():
            for text in value if isinstance(value, list) else [value]:
                if isinstance(text, str) and (text == site_url or text.startswith(site_url + "/")):
                    yield text


def _graph_problems(graph: list[Any], subject: Subject) -> Iterator[str]:
    typed = [node for node in _walk(graph) if "@type" in node]
    everything = [node for node in typed if isinstance(node["@type"], str)]
    odd = [node["@type"] for node in typed if not isinstance(node["@type"], str)]
    yield from (f"@type is {kind!r}; expected one name" for kind in odd)
    for node in everything:
        kind = node["@type"]
        if kind in NEVER or NEVER_PROPERTIES & node.keys():
            yield f"{kind}: {NEVER.get(kind, 'a review or rating that people did not write')}; leave it out"
        for rule in _RULES.get(kind, ()):
            yield from (f"{kind}: {problem}" for problem in rule(node, subject))
        yield from (f"{kind}: {problem}" for problem in _date_problems(node))
    kinds = [node["@type"] for node in everything]
    if kinds.count("Product") > 1:
        yield f"{kinds.count('Product')} Products; expected one, on the page of one GPU"
    trails = kinds.count("BreadcrumbList")
    if trails != 1 and subject.path not in {urls.HOME, urls.NOT_FOUND}:
        yield f"{trails} BreadcrumbLists; expected one"
    own = [str(node["@id"]) for node in graph if isinstance(node, dict) and "@id" in node]
    yield from (f"@id {name!r} is used for two nodes" for name in sorted({name for name in own if own.count(name) > 1}))


def _vocabulary(kind: str, node: Node) -> Iterator[str]:
    """What schema.org does not know."""
    if (known := _properties(kind)) is None:
        yield f"no type that schema.org and {VOCABULARY.name} know"
    elif unknown := sorted(name for name in node.keys() - known if not name.startswith("@")):
        yield f"schema.org has no {', '.join(unknown)} for it"


@cache
def _properties(kind: str) -> frozenset[str] | None:
    types = _types()
    if kind not in types:
        return None
    return frozenset(types[kind]["has"]).union(*(_properties(above) or () for above in types[kind]["of"]))


@cache
def _types() -> dict[str, dict[str, list[str]]]:
    types: dict[str, dict[str, list[str]]] = json.loads(VOCABULARY.read_text("utf-8"))["types"]
    return types


def _walk(value: Any) -> Iterator[Node]:
    waiting = [value]  # a stack, since deep nesting would exceed the limit of recursion
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
        if isinstance(one, dict | list):
            waiting += one.values() if isinstance(one, dict) else one


def _breadcrumb(node: Node, subject: Subject) -> Iterator[str]:
    items = _items(node)
    if len(items) < 2:
        yield f"{len(items)} items; expected two or more"
    yield from _list_problems(items)
    if any("item" not in item for item in items[:-1]):
        yield "an item before the last has no address"
    if items and items[-1].get("item", subject.address) != subject.address:
        yield f"the last item is {items[-1]['item']!r}; expected the page itself"


def _item_list(node: Node, _subject: Subject) -> Iterator[str]:
    items = _items(node)
    yield from _list_problems(items)
    if any("url" not in item and "item" not in item for item in items):
        yield "an item has no url"


def _items(node: Node) -> list[Node]:
    """The items of a list; one that is not a node counts as an empty one."""
    items = node.get("itemListElement")
    return [item if isinstance(item, dict) else {} for item in items] if isinstance(items, list) else []


def _list_problems(items: list[Node]) -> Iterator[str]:
    positions = [item.get("position") for item in items]
    if positions != list(range(1, len(items) + 1)):
        yield f"positions are {positions[:5]}; expected 1, 2, 3 and so on"
    if any(item.get("@type") != "ListItem" or not item.get("name") for item in items):
        yield "an item is not a ListItem with a name"
    named = [text for item in items for key in ("url", "item") if isinstance(text := item.get(key), str)]
    yield from (
        f"{text!r} is not an absolute address" for text in named if not text.startswith(("https://", "http://"))
    )


def _product(node: Node, subject: Subject) -> Iterator[str]:
    if not _ONE_GPU.fullmatch(subject.path):
        yield "on a page that is not about one GPU"
    if not node.get("name"):
        yield "no name"
    offers = node.get("offers")
    if not isinstance(offers, dict) or offers.get("@type") not in {"AggregateOffer", "Offer"}:
        yield "no AggregateOffer or Offer in offers"


def _offer(node: Node, subject: Subject) -> Iterator[str]:
    amount = _amount(node.get("price"))
    if amount is None:
        yield f"price is {node.get('price')!r}; expected a number such as 2.49"
    elif amount not in subject.numbers():
        yield f"price {node['price']} can't be read on the page"


def _aggregate_offer(node: Node, subject: Subject) -> Iterator[str]:
    low, high = (_amount(node.get(key)) for key in ("lowPrice", "highPrice"))
    yield from (f"lowPrice is {node.get('lowPrice')!r}; expected a number such as 2.49" for _ in [0] if low is None)
    if "highPrice" in node and high is None:
        yield f"highPrice is {node['highPrice']!r}; expected a number such as 2.49"
    for smaller, larger in pairwise(amount for amount in (low, high) if amount is not None):
        if smaller > larger:
            yield f"lowPrice {smaller} is above highPrice {larger}"
    if not re.fullmatch("[A-Z]{3}", str(node.get("priceCurrency"))):
        yield f"priceCurrency is {node.get('priceCurrency')!r}; expected a code such as USD"
    if not isinstance(node.get("offerCount"), int) or node["offerCount"] < 1:
        yield f"offerCount is {node.get('offerCount')!r}; expected one or more"
    if "businessFunction" not in node or "priceSpecification" not in node:
        yield "no businessFunction or no priceSpecification: the price would read as that of the card"
    for key in ("lowPrice", "highPrice", "offerCount"):
        if (amount := _amount(node.get(key))) is not None and amount not in subject.numbers():
            yield f"{key} {node[key]} can't be read on the page"


def _dataset(node: Node, _subject: Subject) -> Iterator[str]:
    if not node.get("name"):
        yield "no name"
    length = len(str(node.get("description") or ""))
    if not 50 <= length <= 5000:
        yield f"description of {length} characters; expected 50 to 5,000"


def _article(node: Node, _subject: Subject) -> Iterator[str]:
    if not node.get("headline"):
        yield "no headline"
    if not (isinstance(author := node.get("author"), dict) and ("name" in author or "@id" in author)):
        yield "no author"


def _date_problems(node: Node) -> Iterator[str]:
    for key in ("datePublished", "dateModified", "dateCreated"):
        if key in node and not _is_instant(node[key]):
            yield f"{key} is {node[key]!r}; expected a date such as 2026-08-22"


def _is_instant(text: object) -> bool:
    try:
        return bool(datetime.fromisoformat(str(text)))
    except ValueError:
        return False


def _amount(value: object) -> Decimal | None:
    return Decimal(str(value)) if _AMOUNT.fullmatch(str(value)) else None


_RULES: dict[str, tuple[Callable[[Node, Subject], Iterator[str]], ...]] = {
    "BreadcrumbList": (_breadcrumb,),
    "ItemList": (_item_list,),
    "Product": (_product,),
    "Offer": (_offer,),
    "AggregateOffer": (_aggregate_offer,),
    "Dataset": (_dataset,),
    "Article": (_article,),
}
