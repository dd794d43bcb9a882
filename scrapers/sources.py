"""How a source is fetched and decoded, described as data.

The same code reads a source live, where each request goes to the network, and replayed, where captures answer it.
What it yields is passed to the provider's `offers(document)`:

    Json, Yaml       the decoded value
    Graphql          the value under "data"
    Html             an lxml element, the document's root
    HtmlText         the page's visible text, for prices in cards and sentences
    HtmlTable        needs no `offers`: rows and columns are described here
    HtmlCards        needs no `offers`: a page in whose text a price follows each GPU's name
    NextJsData       a dict: the rows of data that a Next.js page carries for its script
    Paged            a list: the decoded pages, in order
    Several          a dict: name -> what that source yields
    Dated            what a source yields, and the time of its answer
    IfThere          what a source yields, or nothing where there is no such answer
"""

import json
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlsplit

import lxml.etree
import lxml.html
import yaml

from scrapers.captures import Capture, Request
from scrapers.errors import SourceUnavailable
from scrapers.nextjs_data import flight_rows
from scrapers.offer import PRICE_FIELDS, Draft, only
from scrapers.parse import count, json_value, memory_gb, price_or_why
from scrapers.prices_in_text import Card, Per, cards
from scrapers.row_parser import LeftOut, RowParser
from scrapers.visible_text import is_visible, visible_text

Fetch = Callable[[Request], Awaitable[Capture]]

_UNDECODABLE = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    RecursionError,
    yaml.YAMLError,
    lxml.etree.LxmlError,
)


class Source(Protocol):
    """What all kinds of source can do."""

    async def document(self, fetch: Fetch) -> Any:
        """The decoded answer, fetched by `fetch`.  Raises ValueError where it can't be decoded."""
        ...


def _compact(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class _SingleRequest:
    """A source that needs a single request."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def request(self) -> Request:
        """The request to send."""
        return Request(self.url, headers=self.headers)

    def decode(self, capture: Capture) -> Any:
        """The answer's value."""
        raise TypeError(f"{type(self).__name__} does not decode")

    async def document(self, fetch: Fetch) -> Any:
        """The decoded answer.  Raises ValueError, quoting its beginning, where it can't be decoded."""
        capture = await fetch(self.request())
        try:
            return self.decode(capture)
        except _UNDECODABLE as error:
            kind = type(self).__name__.removeprefix("_")
            raise ValueError(f"{self.url} is not {kind} but {capture.body[:80]!r} ({error!s:.200})") from error


@dataclass(frozen=True, slots=True)
class Json(_SingleRequest):
    """A JSON answer; with `post`, the JSON body of a POST.  Numbers with a point become Decimal."""

    post: Any = None

    def request(self) -> Request:
        """GET, or POST where there is a body to send."""
        if self.post is None:
            return Request(self.url, headers=self.headers)
        return Request(self.url, "POST", _compact(self.post), self.headers)

    def decode(self, capture: Capture) -> Any:
        """The JSON value, amounts exact."""
        return json_value(capture.body)


@dataclass(frozen=True, slots=True)
class Graphql(_SingleRequest):
    """A GraphQL query; yields the value under "data"."""

    query: str = ""

    def request(self) -> Request:
        """The query as a POST."""
        return Request(self.url, "POST", _compact({"query": self.query}), self.headers)

    def decode(self, capture: Capture) -> Any:
        """The data.  Raises ValueError, with the errors, where the server reports errors and no data."""
        answer = json_value(capture.body)
        if not answer.get("data"):
            raise ValueError(f"GraphQL errors: {answer.get('errors')!r:.200}")
        return answer["data"]


@dataclass(frozen=True, slots=True)
class Yaml(_SingleRequest):
    """A YAML document; amounts stay text, so that no digit is lost."""

    def decode(self, capture: Capture) -> Any:
        """The YAML value, every scalar as written."""
        return _yaml_value(capture.body)


@dataclass(frozen=True, slots=True)
class Html(_SingleRequest):
    """An HTML page; yields its root element."""

    def decode(self, capture: Capture) -> lxml.html.HtmlElement:
        """The parsed page."""
        return lxml.html.document_fromstring(_whole_page(capture.body))


@dataclass(frozen=True, slots=True)
class HtmlText(_SingleRequest):
    """An HTML page; yields its visible text as one line, whatever its markup, with a tab before each table cell."""

    def decode(self, capture: Capture) -> str:
        """The visible text."""
        return visible_text(lxml.html.document_fromstring(_whole_page(capture.body)), cells=True)


@dataclass(frozen=True, slots=True)
class NextJsData(_SingleRequest):
    """A Next.js page; yields the data for its script: row id -> value."""

    def decode(self, capture: Capture) -> dict[str, Any]:
        """The decoded rows."""
        return flight_rows(_whole_page(capture.body))


@dataclass(frozen=True, slots=True)
class HtmlTable(Html):
    """A price page whose offers are the rows of one table.

    `rows` selects them (CSS).  `columns` maps a field of `Draft` to the heading of its column; headings
    are compared without regard to case and surrounding space.  `fixed` holds the fields that are the same
    for all rows.  Without an `instance_type` column, the GPU's name, with its count where that is stated, is used.
    """

    rows: str = "table tbody tr"
    columns: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)

    def row_parser(self) -> RowParser[Mapping[str, str]]:
        """A parser for which each row of the table is a row."""
        return RowParser("a row of the table", self._rows, self._read, self._key, _MOST_ON_A_PAGE)

    def _rows(self, page: lxml.html.HtmlElement) -> Iterator[Mapping[str, str]]:
        """The text of each visible row's cells, by the heading of their column."""
        headings: dict[lxml.html.HtmlElement, list[str]] = {}
        for row in filter(is_visible, page.cssselect(self.rows)):
            table = next(row.iterancestors("table"), None)
            if table is None:
                raise ValueError(f"rows {self.rows!r} are in no table")
            if table not in headings:
                headings[table] = self._headings(table)
            cells = dict(zip(headings[table], _cell_texts(row.xpath("./td|./th")), strict=False))
            yield {title: cells.get(title.casefold(), "") for title in self.columns.values()}

    def _headings(self, table: lxml.html.HtmlElement) -> list[str]:
        """The headings of the table's columns, folded.  Raises ValueError, naming one that is missing."""
        found = [title.casefold() for title in _cell_texts(table.xpath("(.//tr)[1]/*[self::th or self::td]"))]
        missing = [title for title in self.columns.values() if title.casefold() not in found]
        if missing:
            raise ValueError(f"no column {missing[0]!r} in the table; its headings are {found}")
        return found

    def _key(self, cells: Mapping[str, str]) -> tuple[str, str]:
        return self._read(cells).instance_type, ""

    def _read(self, cells: Mapping[str, str]) -> Draft:
        found = {name: self._field(name, cells[title]) for name, title in self.columns.items()}
        found = {"gpu_name": ""} | {name: value for name, value in found.items() if value not in (None, "")}
        number = f"{found['gpu_count']}x " if "gpu_count" in found else ""
        found.setdefault("instance_type", f"{number}{found['gpu_name']}")
        if not any(name in found for name in PRICE_FIELDS):
            found["availability"] = "contact_sales"
        return Draft(**{**self.fixed, **found})

    def _field(self, name: str, text: str) -> Any:
        if name in PRICE_FIELDS:
            return price_or_why(text, self.fixed.get("currency", "USD"))
        return _READERS.get(name, str)(text)


@dataclass(frozen=True, slots=True)
class HtmlCards(HtmlText):
    """A price page in whose text a price follows each GPU's name: cards, lists, tables of unknown markup.

    Of "NVIDIA H100 80 GB from $2.00 /GPU-hour" the name, the memory and the price become fields;
    `scrapers.prices_in_text` decides which prices count.  Each card is a row, also that of a GPU that the page repeats.
    A price per month is the whole machine's, or one GPU's where the page states no count.  `fixed` holds the fields
    that are the same for all cards, such as `price_unit`; a `gpu_count` there is for cards that state none.
    """

    currency: str = "USD"
    per: Per = "hour"
    unit_above: bool = False
    within: int = 60
    fixed: Mapping[str, Any] = field(default_factory=dict)

    def row_parser(self) -> RowParser[Card]:
        """A parser for which each GPU that the page names is a row, even without a price."""
        return RowParser(
            "a GPU that the page names", self._rows, self._read, lambda card: (card.name, ""), _MOST_ON_A_PAGE
        )

    def _rows(self, text: str) -> list[Card]:
        every = cards(text, self.currency, self.per, unit_above=self.unit_above, within=self.within)
        found = list(islice(every, _MOST_ON_A_PAGE + 1))  # one too many is refused
        if all(card.price is None for card in found):
            raise ValueError(f"no GPU with a price in {self.currency} per {self.per}, but {text[:80]!r}")
        return found

    def _read(self, card: Card) -> Draft | LeftOut:
        if card.price is None:
            return LeftOut("no_price", card.name)
        number = card.gpu_count or self.fixed.get("gpu_count")
        gpu = {"gpu_name": card.gpu, "gpu_count": number, "gpu_memory_gb": card.memory_gb}
        price = only("price_month" if self.per == "month" else "price", card.price)
        return Draft(**{"currency": self.currency, **self.fixed, **gpu, "instance_type": card.name, **price})


@dataclass(frozen=True, slots=True)
class Paged:
    """A source in pages; `following` takes a decoded page and returns the source of the next, None at the end."""

    first: _SingleRequest
    following: Callable[[Any], _SingleRequest | None]
    limit: int = 100

    async def document(self, fetch: Fetch) -> list[Any]:
        """The decoded pages.  Raises ValueError past `limit`, which means a loop, and for a page on another site."""
        pages: list[Any] = []
        source: _SingleRequest | None = self.first
        while source is not None:
            if len(pages) == self.limit:
                raise ValueError(f"more than {self.limit} pages")
            if _site(source.url) != _site(self.first.url):
                raise ValueError(f"the next page of {self.first.url} is elsewhere: {source.url!r:.200}")
            pages.append(await source.document(fetch))
            source = self.following(pages[-1])
        return pages


@dataclass(frozen=True, slots=True)
class Several:
    """Several sources, all of which are needed for the offers."""

    sources: Mapping[str, Source]

    async def document(self, fetch: Fetch) -> dict[str, Any]:
        """The documents by name."""
        return {name: await source.document(fetch) for name, source in self.sources.items()}


@dataclass(frozen=True, slots=True)
class Dated:
    """A source whose rows are valid between two dates: what it yields, and the time of its answer."""

    source: Source

    async def document(self, fetch: Fetch) -> "DatedDocument":
        """The document with the time of its newest part."""
        times: list[datetime] = []

        async def noting(request: Request) -> Capture:
            capture = await fetch(request)
            times.append(capture.fetched_at)
            return capture

        document = await self.source.document(noting)
        return DatedDocument(document, max(times))


class DatedDocument(NamedTuple):
    """A decoded answer and its time."""

    document: Any
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class IfThere:
    """A source that may be missing: it yields `nothing` where the server, or an older recording, has no such answer."""

    source: Source
    nothing: Any = ()

    async def document(self, fetch: Fetch) -> Any:
        """The decoded answer, or `nothing`.  Raises as the source does where the server fails."""
        try:
            return await self.source.document(fetch)
        except SourceUnavailable as error:
            if error.error_code in _ABSENT:
                return self.nothing
            raise


_MOST_ON_A_PAGE = 2_000
_ABSENT = ("not_found", "not_recorded")
_MOST_LEVELS = 100  # of YAML
_BEGINNING, _END = re.compile("<html[ >]", re.IGNORECASE), re.compile("</html *>", re.IGNORECASE)
_READERS: Mapping[str, Callable[[str], Any]] = {
    "gpu_count": count,
    "vcpu_count": count,
    "gpu_memory_gb": memory_gb,
    "ram_gb": memory_gb,
}


def _yaml_value(body: bytes) -> Any:
    """The value of one YAML document.  Raises ValueError for what no price list has: aliases, a hundred levels.

    Built from the parser's events, since the library's own loader crashes the process where an answer is nested deeply.
    """
    levels: list[list[Any]] = [[]]
    for event in yaml.parse(body, Loader=yaml.CBaseLoader):
        match event:
            case yaml.ScalarEvent():
                levels[-1].append(event.value)
            case yaml.CollectionStartEvent() if len(levels) < _MOST_LEVELS:
                levels.append([])
            case yaml.MappingEndEvent():
                parts = levels.pop()
                levels[-1].append(dict(zip(parts[::2], parts[1::2], strict=True)))
            case yaml.SequenceEndEvent():
                parts = levels.pop()
                levels[-1].append(parts)
            case yaml.NodeEvent():
                raise ValueError(f"an alias, or more than {_MOST_LEVELS} levels")
    (value,) = levels[0] or [None]
    return value


def _whole_page(body: bytes) -> str:
    """A page's HTML.  Raises ValueError for one that was cut short, which an HTML parser would not notice."""
    page = body.decode("utf-8", "replace")
    if _BEGINNING.search(page) and not _END.search(page):
        raise ValueError("the page ends before its </html>")
    return page


def _cell_texts(cells: Iterable[lxml.html.HtmlElement]) -> list[str]:
    return [visible_text(cell) for cell in cells if is_visible(cell)]


def _site(url: str) -> tuple[str, str | None]:
    """The scheme and host of an address: the next page must have those of the first."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname
