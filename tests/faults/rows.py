"""A provider's recorded answers with one row changed, and what then becomes of all rows."""

import copy
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import lxml.html

from generator.database.seed_files import Seeds
from generator.database.seeds import SEED
from generator.ingest.interpretation import Interpretation
from scrapers.contract import Past, require, sift
from scrapers.errors import ScrapeError
from scrapers.normalise import GpuNames, HeldBack, NormalisedOffer, Rates, normalise, prices_per_gpu_hour
from scrapers.offer import Key
from scrapers.price_times import by_time
from tests.faults.documents import Bodies, Path, at
from tests.faults.prices import documents, module_of, scraped

RATES = Rates((currency, date(2020, 1, 1), Decimal("1.1")) for currency in ("EUR", "GBP", "INR", "CNY"))
NOW = datetime(2026, 9, 20, 12, tzinfo=UTC)
LISTS_OF_PRICES = ("exoscale", "gcp", "thunder-compute", "upcloud")
"""Providers whose answers are prices by name: without a name there is no row."""
Change = tuple[int, Path, str | None]
"""The answer's number, the path of a field in it, and None to drop the field or "null" to make it null."""


@cache
def names() -> GpuNames:
    return Seeds(SEED).gpu_names


@dataclass(frozen=True)
class Ended:
    """Where the rows of an answer ended: offers by key, rows held back, the counts, and why the answer was refused."""

    offers: dict[Key, NormalisedOffer]
    held: list[HeldBack]
    account: Counter[str]
    refused: str

    @property
    def rows(self) -> int:
        return self.account["rows"]

    @property
    def ends(self) -> int:
        return sum(number for end, number in self.account.items() if end != "rows")

    @property
    def set_aside(self) -> int:
        """How many rows ended as no offer, for a reason that has a name."""
        return sum(n for end, n in self.account.items() if end.startswith(("left_out", "held_back", "unknown")))


def ended(slug: str, bodies: Bodies) -> Ended:
    found = scraped(slug, bodies)
    if found.error:
        return Ended({}, [], Counter(), found.error.message)
    provider = module_of(slug).PROVIDER
    timed = by_time(found.offers, found.observed_at)
    normalised = normalise(timed.now, names(), RATES, NOW.date(), provider)
    unreadable = [HeldBack(row.instance_type, row.region, "", "unreadable", row.reason) for row in found.unreadable]
    checked = sift(normalised, NOW, unreadable=unreadable)
    account = Counter(Interpretation(normalised, checked, timed=timed).row_counts(found))
    offers = {(one.instance_type, one.region): one for one in checked.offers}
    refused = ""
    try:
        require(provider, normalised, checked, Past(), NOW, len(found.left_out))
    except ScrapeError as error:
        refused = error.message
    return Ended(offers, checked.held, account, refused)


@cache
def as_recorded(slug: str) -> Ended:
    return ended(slug, written(slug, {}))


def written(slug: str, roots: dict[int, Any]) -> Bodies:
    """The answers' bodies, with other trees for some of them."""
    return [one.write(roots.get(number, one.root)) for number, one in enumerate(documents(slug))]


def changes(slug: str) -> Iterator[Change]:
    """Every field of every row, dropped and made null."""
    for number, one in enumerate(documents(slug)):
        if one.kind != "html":
            for way in _rows(one.root):
                for field in _fields(at(one.root, way)):
                    if slug not in LISTS_OF_PRICES or not isinstance(at(one.root, (*way, *field)), dict):
                        yield number, (*way, *field), None
                    yield number, (*way, *field), "null"


def changed(slug: str, change: Change) -> Bodies:
    number, way, how = change
    root = copy.deepcopy(documents(slug)[number].root)
    holder = at(root, way[:-1])
    if how is None:
        del holder[way[-1]]
    else:
        holder[way[-1]] = None
    return written(slug, {number: root})


def doubled(slug: str, chance: random.Random) -> Iterator[Bodies]:
    """The answers with one row repeated elsewhere in its list; up to five for each answer."""
    for number, one in enumerate(documents(slug)):
        ways = (
            [way for way in _rows(one.root) if isinstance(at(one.root, way[:-1]), list)] if one.kind != "html" else []
        )
        for way in chance.sample(ways, min(len(ways), 5)):
            root = copy.deepcopy(one.root)
            holder = at(root, way[:-1])
            holder.insert(chance.randint(0, len(holder)), copy.deepcopy(holder[way[-1]]))
            yield written(slug, {number: root})


def permuted(slug: str, chance: random.Random) -> Bodies:
    """The answers with the rows of every list in another order."""
    roots: dict[int, Any] = {}
    for number, one in enumerate(documents(slug)):
        roots[number] = copy.deepcopy(one.root)
        if one.kind != "html":
            _shuffle(roots[number], chance)
    bodies = written(slug, roots)
    return [
        _page(body, chance) if one.kind == "html" else body for one, body in zip(documents(slug), bodies, strict=True)
    ]


def same(one: Ended, other: Ended) -> bool:
    """Whether the offers are the same, apart from how many listings each was merged from."""
    return _plain(one) == _plain(other)


def prices(one: Ended) -> dict[Key, dict[str, Decimal]]:
    """What each offer costs per GPU-hour, by price column."""
    return {key: prices_per_gpu_hour(offer) for key, offer in one.offers.items()}


def _plain(one: Ended) -> dict[Key, NormalisedOffer]:
    return {key: replace(offer, offers_merged=1, raw_data=None) for key, offer in one.offers.items()}


def _rows(root: Any, way: Path = ()) -> Iterator[Path]:
    """The path of every row: an object beside others like it, in a list or under keys of a dict."""
    parts = list(root.items()) if isinstance(root, dict) else list(enumerate(root)) if isinstance(root, list) else []
    objects = [value for _, value in parts if isinstance(value, dict)]
    alike = len(objects) == len(parts) > 0 and (isinstance(root, list) or _are_alike(objects))
    for key, value in parts:
        if alike and value:
            yield (*way, key)
        yield from _rows(value, (*way, key))


def _are_alike(objects: list[dict[str, Any]]) -> bool:
    return len(objects) > 1 and len({frozenset(one) for one in objects}) < len(objects)


def _fields(row: Any, way: Path = ()) -> Iterator[Path]:
    """The path of every field of an object, nested ones included; rows inside it are rows of their own."""
    for key, value in row.items():
        if not _holds_rows(value):
            yield (*way, key)
        if isinstance(value, dict):
            yield from _fields(value, (*way, key))


def _holds_rows(value: Any) -> bool:
    parts = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    inner = [part for part in parts if isinstance(part, dict | list)]
    return (isinstance(value, list) and len(inner) > 1) or any(map(_holds_rows, inner))


def _shuffle(root: Any, chance: random.Random) -> None:
    if isinstance(root, dict):
        entries = list(root.items())
        chance.shuffle(entries)
        root.clear()
        root.update(entries)
    elif root and all(isinstance(one, dict) for one in root):
        chance.shuffle(root)
    for part in root.values() if isinstance(root, dict) else root:
        if isinstance(part, dict | list):
            _shuffle(part, chance)


def _page(body: bytes, chance: random.Random) -> bytes:
    """The page with the rows of its tables and lists in another order."""
    page = lxml.html.document_fromstring(body.decode())
    for parent in page.iter():
        rows = parent.xpath("./tr[td and not(th)] | ./li | ./*[@role='listitem']")
        if len(rows) > 1 and len(rows) == len(parent):
            chance.shuffle(rows)
            parent[:] = rows
    return lxml.html.tostring(page, encoding="unicode").encode()
