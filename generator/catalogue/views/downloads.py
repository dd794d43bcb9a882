"""All current offers as files: the API's records as a table, byte for byte the same for the same offers."""

import csv
import hashlib
import io
import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from functools import cache

from generator.catalogue.catalogue import Catalogue
from generator.catalogue.rows import OfferRow
from generator.catalogue.slices import view
from generator.catalogue.views.prose import method
from generator.catalogue.views.published import values
from generator.model.downloads import COLUMNS, NAMES, Download, Downloads, ProviderOffers
from generator.model.offer import LICENCE
from generator.root import ROOT

_SQL = ROOT / "sql" / "downloads"
_PROVIDER, _CONFIRMED, _IS_RECORDED, _ENDS = map(COLUMNS.index, ("provider", "confirmed_on", "is_recorded", "ends"))
_SEVERAL = tuple(map(COLUMNS.index, ("regions", "ranked_as", "disputed_as")))

Row = tuple[str | int | float | None, ...]


@view
def downloads(catalogue: Catalogue) -> Downloads:
    """All current offers as CSV and SQLite, with their checksums."""
    rows = list(map(_row, catalogue.all_offers.values()))
    days = [str(row[_CONFIRMED]) for row in rows]
    counted = Counter(str(row[_PROVIDER]) for row in rows)
    table = _file("csv", "text/csv", "a table with a line for each offer", _csv(rows))
    database = _sqlite(rows, method(catalogue), max(days, default=""))
    same = _file("sqlite", "application/vnd.sqlite3", "the same as a database", database)
    return Downloads(
        csv=table,
        sqlite=same,
        checksums=_file("checksums", "text/plain", "of both, for sha256sum -c", _checksums(table, same)),
        offers_n=len(rows),
        providers=tuple(ProviderOffers(*one) for one in sorted(counted.items())),
        since=date.fromisoformat(min(days)) if days else None,
        until=date.fromisoformat(max(days)) if days else None,
    )


def _row(offer: OfferRow) -> Row:
    """The record's values: several in one, with semicolons between them; yes is 1, no is 0."""
    row = list(values(offer))
    for place in _SEVERAL:
        row[place] = ";".join(row[place]) or None
    row[_ENDS] = ";".join(f"{kind}={end}" for kind, end in row[_ENDS].items()) or None
    row[_IS_RECORDED] = int(offer.is_recorded)
    return tuple(row)


def _file(kind: str, media_type: str, what: str, data: bytes) -> Download:
    return Download(NAMES[kind], media_type, what, len(data), hashlib.sha256(data).hexdigest(), data)


def _checksums(*files: Download) -> bytes:
    return "".join(f"{one.sha256}  {one.name}\n" for one in files).encode()


def _csv(rows: Sequence[Row]) -> bytes:
    """As RFC 4180 has it, in UTF-8; what is missing is empty."""
    text = io.StringIO()
    csv.writer(text).writerows([COLUMNS, *rows])
    return text.getvalue().encode()


def _sqlite(rows: Sequence[Row], methodology: str, as_of: str) -> bytes:
    about = {"licence": LICENCE, "methodology": methodology, "as_of": as_of, "prices": "US dollars before tax"}
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(_sql("offers"))
        database.executemany(_sql("add_about"), about.items())
        database.executemany(_sql("add_offer"), rows)
        database.commit()
        return database.serialize()


@cache
def _sql(name: str) -> str:
    return (_SQL / f"{name}.sql").read_text("utf-8")
